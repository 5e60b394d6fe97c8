// `saseo eval QUESTIONS`: asks, scores, reports.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/models/answering_model.h"
#include "app/evaluation/reports.h"
#include "cli/terminal/session.h"
#include "eval/run/runner.h"

namespace saseo::cli {

struct EvalArguments {
  std::string questions;
  std::vector<std::string> models;   // Empty: who answers `ask`.
  std::vector<std::string> answers;  // Files of other systems' answers.
  std::string judge;                 // A model that compares the answers; empty: none.
  std::string run;                   // Empty: named after the questions.
  std::string split;                 // "dev", "test"; empty: all.
  std::optional<std::size_t> context_tokens, passages;
  std::optional<double> threshold;
  AnsweringArguments answering;
  ReportArguments report;
  bool json = false;
};

// The profile's, with what the command line sets beside it.
eval::SearchSettings search_settings(const Session& session, const EvalArguments& arguments);

int run_eval(Session& session, const EvalArguments& arguments);

// Prints the evaluation, writes its reports, checks its gates; gives the exit code.
int finish_evaluation(Session& session, const eval::RunStore& run, const ReportArguments& report,
                      const std::string& split, const std::vector<std::string>& contestants,
                      bool json);

}  // namespace saseo::cli
