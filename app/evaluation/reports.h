// Reports of an evaluation as files, and the gates that an evaluation is to pass.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "cli/terminal/session.h"
#include "eval/records/evaluation.h"
#include "eval/records/run_store.h"
#include "eval/report/gate.h"

namespace saseo::cli {

struct ReportArguments {
  std::vector<std::string> files;  // .html, .md, .json, .csv, .xml (JUnit)
  std::string baseline;            // A run, or an evaluation as JSON.
  std::string fail_under;          // As parse_gate_conditions() takes it.
  bool fail_on_regression = false;
};
void add_report_options(CLI::App& command, ReportArguments& arguments);
// Before hours are spent: the files' endings, the conditions, the baseline.
Status check_report_arguments(const ReportArguments& arguments);

// Empty without gates.
Result<std::vector<eval::GateResult>> check_gates(const ReportArguments& arguments,
                                                  const eval::Evaluation& evaluation);
Status write_reports(const std::vector<std::string>& files, const eval::Evaluation& evaluation,
                     const std::vector<eval::GateResult>& gates);

}  // namespace saseo::cli
