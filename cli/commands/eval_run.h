// saseo eval QUESTIONS: asks, scores, reports.
#pragma once

#include <string>
#include <vector>

#include "app/evaluation/evaluation_run.h"
#include "app/evaluation/reports.h"
#include "cli/terminal/terminal_session.h"

namespace saseo::cli {

struct EvalArguments {
  app::EvaluationOptions evaluation;
  app::ReportOptions report;
  bool json = false;
};

int run_eval(TerminalSession& session, const EvalArguments& arguments);

// Prints the evaluation, writes its reports, checks its gates; gives the exit code.
int finish_eval(TerminalSession& session, const eval::RunStore& run,
                const app::ReportOptions& report, const std::string& split,
                const std::vector<std::string>& contestants, bool json);

}  // namespace saseo::cli
