#include "eval/report/view.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "eval/metrics/fact_recall.h"
#include "eval/statistics/leading_metric.h"

namespace saseo::eval {
namespace {

// All questions, then languages, then types, then types of a language.
int kind_of(const Slice& slice) {
  return (slice.type.empty() ? 0 : 2) + (slice.language.empty() ? 0 : 1);
}

}  // namespace

EvaluationView::EvaluationView(const Evaluation& evaluation) : evaluation_(&evaluation) {
  const std::vector<std::string> leading =
      leading_metrics(evaluation.outcomes, evaluation.metrics, "");
  if (!leading.empty()) leading_ = metric(leading.front());
  if (leading_ == nullptr && !evaluation.metrics.empty()) leading_ = evaluation.metrics.data();
  for (const MetricSummary& summary : evaluation.summaries) {
    summaries_[{summary.metric, summary.slice, summary.contestant}] = &summary;
    if (std::ranges::find(slices_, summary.slice) == slices_.end()) {
      slices_.push_back(summary.slice);
    }
  }
  std::ranges::sort(slices_, {}, [](const Slice& slice) {
    return std::tuple(kind_of(slice), slice.language, slice.type);
  });
  for (const Comparison& comparison : evaluation.comparisons) {
    comparisons_[{comparison.metric, comparison.slice, {comparison.first, comparison.second}}] =
        &comparison;
  }
  for (const Contestant& first : evaluation.contestants) {
    for (const Contestant& second : evaluation.contestants) {
      const Pair pair(first.name, second.name);
      if (std::ranges::any_of(evaluation.comparisons, [&](const Comparison& comparison) {
            return comparison.first == pair.first && comparison.second == pair.second;
          })) {
        pairs_.push_back(pair);
      }
    }
  }
}

const MetricDefinition* EvaluationView::metric(std::string_view name) const {
  for (const MetricDefinition& metric : evaluation_->metrics) {
    if (metric.name == name) return &metric;
  }
  return nullptr;
}

const MetricSummary* EvaluationView::summary(const std::string& metric, const Slice& slice,
                                             const std::string& contestant) const {
  const auto found = summaries_.find({metric, slice, contestant});
  return found == summaries_.end() ? nullptr : found->second;
}

const CorpusScore* EvaluationView::corpus_score(const std::string& metric, const Slice& slice,
                                                const std::string& contestant) const {
  const auto found = std::ranges::find_if(evaluation_->corpus_scores, [&](const auto& score) {
    return score.metric == metric && score.slice == slice && score.contestant == contestant;
  });
  return found == evaluation_->corpus_scores.end() ? nullptr : &*found;
}

const Comparison* EvaluationView::comparison(const std::string& metric, const Slice& slice,
                                             const Pair& pair) const {
  const auto found = comparisons_.find({metric, slice, pair});
  return found == comparisons_.end() ? nullptr : found->second;
}

std::optional<double> EvaluationView::value(const QuestionOutcome& outcome,
                                            const std::string& contestant,
                                            const std::string& metric) {
  const auto values = outcome.values.find(contestant);
  if (values == outcome.values.end()) return std::nullopt;
  const auto found = values->second.find(metric);
  if (found == values->second.end() || !std::isfinite(found->second)) return std::nullopt;
  return found->second;
}

const RecordedAnswer* EvaluationView::answer(const QuestionOutcome& outcome,
                                             const std::string& contestant) {
  const auto found = outcome.answers.find(contestant);
  return found == outcome.answers.end() ? nullptr : &found->second;
}

const MetricDefinition* EvaluationView::cost(MetricUnit unit, std::string_view word) const {
  const MetricDefinition* first = nullptr;
  for (const MetricDefinition& metric : evaluation_->metrics) {
    if (metric.group != MetricGroup::kCost || metric.unit != unit) continue;
    if (metric.name.find(word) != std::string::npos) return &metric;
    if (first == nullptr) first = &metric;
  }
  return first;
}

Scale EvaluationView::scale(const MetricDefinition& metric) const {
  double largest = 0;
  for (const Contestant& contestant : evaluation_->contestants) {
    if (const auto* found = summary(metric.name, {}, contestant.name)) {
      largest = std::max(largest, std::abs(found->estimate.value));
    }
  }
  return scale_of(metric.unit, largest);
}

double EvaluationView::disagreement(const QuestionOutcome& outcome) const {
  if (leading_ == nullptr) return 0;
  std::optional<double> smallest, largest;
  for (const Contestant& contestant : evaluation_->contestants) {
    const auto found = value(outcome, contestant.name, leading_->name);
    if (!found) continue;
    smallest = std::min(smallest.value_or(*found), *found);
    largest = std::max(largest.value_or(*found), *found);
  }
  return largest ? *largest - *smallest : 0;
}

std::vector<std::size_t> EvaluationView::worst_first() const {
  std::vector<double> by_outcome;
  for (const QuestionOutcome& outcome : evaluation_->outcomes) {
    by_outcome.push_back(disagreement(outcome));
  }
  std::vector<std::size_t> order(by_outcome.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>{}, [&](std::size_t i) { return by_outcome[i]; });
  return order;
}

Finding finding_of(const Comparison& comparison, const MetricDefinition& metric) {
  if (!comparison.significant() || comparison.difference.value == 0) return Finding::kNoDifference;
  return (comparison.difference.value > 0) == metric.higher_is_better ? Finding::kBetter
                                                                      : Finding::kWorse;
}

std::vector<bool> facts_held(const Question& question, std::string_view answer) {
  std::vector<bool> held;
  const FactText text(answer);
  for (const std::vector<std::string>& spellings : question.facts) {
    held.push_back(std::ranges::any_of(
        spellings, [&](const std::string& spelling) { return text.states(spelling); }));
  }
  return held;
}

std::string place(const Words& words, const std::string& document,
                  const std::vector<std::string>& heading_path, int first_page, int last_page) {
  std::string text = document;
  if (!heading_path.empty()) {
    if (!text.empty()) text += " › ";
    text += fmt::format("{}", fmt::join(heading_path, " › "));
  }
  if (first_page > 0) {
    if (!text.empty()) text += ", ";
    text += last_page > first_page ? words.format("pp. {}–{}", "{}–{}쪽", first_page, last_page)
                                   : words.format("p. {}", "{}쪽", first_page);
  }
  return text;
}

}  // namespace saseo::eval
