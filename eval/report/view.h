// What every form of the report reads of an evaluation: look-ups, the leading metric, and the order
// of the questions.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "eval/records/evaluation.h"
#include "eval/report/words.h"

namespace saseo::eval {

// A pair of contestants that are compared.
using Pair = std::pair<std::string, std::string>;  // first, second

// Borrows the evaluation, which must outlive it. Immutable: threads may share one.
class EvaluationView {
 public:
  explicit EvaluationView(const Evaluation& evaluation);

  const Evaluation& evaluation() const { return *evaluation_; }
  const Evaluation* operator->() const { return evaluation_; }

  // nullptr when there is none.
  const MetricDefinition* metric(std::string_view name) const;
  const MetricSummary* summary(const std::string& metric, const Slice& slice,
                               const std::string& contestant) const;
  const CorpusScore* corpus_score(const std::string& metric, const Slice& slice,
                                  const std::string& contestant) const;
  const Comparison* comparison(const std::string& metric, const Slice& slice,
                               const Pair& pair) const;
  // Where recorded; the contestant's value of the metric for this question.
  static std::optional<double> value(const QuestionOutcome& outcome, const std::string& contestant,
                                     const std::string& metric);
  static const RecordedAnswer* answer(const QuestionOutcome& outcome,
                                      const std::string& contestant);

  // By which questions are sorted and contestants first compared: the first of leading_metrics()
  // over all questions, else the first there is; nullptr without metrics.
  const MetricDefinition* leading() const { return leading_; }
  // The metric of mean seconds or bytes that a plot sets quality against; nullptr without.
  const MetricDefinition* seconds() const { return cost(MetricUnit::kSeconds, "total"); }
  const MetricDefinition* memory() const { return cost(MetricUnit::kBytes, "memory"); }
  // All slices that have a summary: all questions, languages, types, both.
  const std::vector<Slice>& slices() const { return slices_; }
  // Those compared, in order of the contestants.
  const std::vector<Pair>& pairs() const { return pairs_; }
  // For the metric's figures of all contestants over all questions.
  Scale scale(const MetricDefinition& metric) const;

  // Largest less smallest value of the leading metric; 0 where fewer than two have one.
  double disagreement(const QuestionOutcome& outcome) const;
  // Indices into outcomes: largest disagreement first, equal ones in the set's order.
  std::vector<std::size_t> worst_first() const;

 private:
  const MetricDefinition* cost(MetricUnit unit, std::string_view word) const;

  const Evaluation* evaluation_;
  std::map<std::tuple<std::string, Slice, std::string>, const MetricSummary*> summaries_;
  std::map<std::tuple<std::string, Slice, Pair>, const Comparison*> comparisons_;
  std::vector<Slice> slices_;
  std::vector<Pair> pairs_;
  const MetricDefinition* leading_ = nullptr;
};

// Better, heeding the metric's direction; 0 when not significant.
enum class Finding { kNoDifference, kBetter, kWorse };
Finding finding_of(const Comparison& comparison, const MetricDefinition& metric);

// Each fact of the question: whether the answer holds one of its spellings (fact_recall.h).
std::vector<bool> facts_held(const Question& question, std::string_view answer);

// "Charging > Wireless charging, p. 12"
std::string place(const Words& words, const std::string& document,
                  const std::vector<std::string>& heading_path, int first_page, int last_page);

}  // namespace saseo::eval
