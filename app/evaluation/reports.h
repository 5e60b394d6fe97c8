// Reports of an evaluation as files, and the gates that an evaluation is to pass.
#pragma once

#include <string>
#include <vector>

#include "base/message.h"
#include "base/result.h"
#include "eval/records/evaluation.h"
#include "eval/records/run_store.h"
#include "eval/report/gate.h"

namespace saseo::app {

struct ReportOptions {
  std::vector<std::string> files;  // .html, .md, .json, .csv, .xml (JUnit)
  std::string baseline;            // A run, or an evaluation as JSON.
  std::string fail_under;          // As parse_gate_conditions() takes it.
  bool fail_on_regression = false;
};
// Before hours are spent: the files' endings, the conditions, the baseline.
Status check_report_options(const ReportOptions& options);

// Empty without gates.
Result<std::vector<eval::GateResult>> check_gates(const ReportOptions& options,
                                                  const eval::Evaluation& evaluation);
Status write_reports(const std::vector<std::string>& files, const eval::Evaluation& evaluation,
                     const std::vector<eval::GateResult>& gates, Language language);

struct FinishedEvaluation {
  eval::Evaluation evaluation;
  std::vector<eval::GateResult> gates;
};
// Scores a run (`contestants` and `split` as EvaluateOptions has them), checks its gates and writes
// its reports, for people in `language`.
Result<FinishedEvaluation> finish_evaluation(const eval::RunStore& run, const ReportOptions& options,
                                             const std::string& split,
                                             const std::vector<std::string>& contestants,
                                             Language language);

}  // namespace saseo::app
