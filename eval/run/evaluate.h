// From a run to an evaluation: every metric of every answer, what the differences are worth, and
// the verdict.
#pragma once

#include <vector>

#include "base/result.h"
#include "eval/records/evaluation.h"
#include "eval/records/run_store.h"
#include "eval/report/verdict.h"
#include "eval/statistics/compare.h"

namespace saseo {
class Embedder;
}

namespace saseo::eval {

struct EvaluateOptions {
  CompareOptions compare;
  VerdictOptions verdict;
  std::vector<std::string> contestants;  // In this order; empty: all of the run.
  std::string split;                     // "dev" or "test"; empty: every question.
  Embedder* embedder = nullptr;          // For embedding similarity; null: it is left out.
};

// Reads the run and nothing else, so a report can be made where the models are not. kNotFound names
// a contestant that the run lacks.
Result<Evaluation> evaluate(const RunStore& run, const EvaluateOptions& options = {});

// All that the program knows, in the order to show.
const std::vector<MetricDefinition>& all_metric_definitions();

}  // namespace saseo::eval
