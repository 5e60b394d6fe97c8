// Which metrics the verdict reads, and Holm's adjustment keeps apart from the many others: one of
// each group.
#pragma once

#include <string>
#include <vector>

#include "eval/records/evaluation.h"

namespace saseo::eval {

struct LeadingOptions {
  // By preference; of each group the first with enough questions leads. A group of which none is
  // named here is led by its first metric with enough questions.
  std::vector<std::string> preferred = {
      "facts", "f1",    "rouge-l",   "exact-match",        "ndcg@10",       "mrr@10",
      "hit@5", "hit@1", "supported", "citation-precision", "refusal-recall"};
  std::size_t min_questions = 10;  // With a value; where no metric has so many, the one with most.
};

// The leading metrics for the questions in a language ("" is all), those about answers first, then
// finding, trust and the judge. Cost leads nothing. Metrics without any value are passed over.
std::vector<std::string> leading_metrics(const std::vector<QuestionOutcome>& outcomes,
                                         const std::vector<MetricDefinition>& metrics,
                                         const std::string& language,
                                         const LeadingOptions& options = {});

}  // namespace saseo::eval
