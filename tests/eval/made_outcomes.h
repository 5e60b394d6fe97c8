// Outcomes of questions with given values, for tests of comparing and of verdicts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/records/evaluation.h"
#include "eval/statistics/compare.h"

namespace saseo::eval {

inline const MetricDefinition kFacts{
    .name = "facts", .label_en = "Facts recalled", .label_ko = "사실 재현율"};
inline const MetricDefinition kHit{.name = "hit@1",
                                   .group = MetricGroup::kFinding,
                                   .yes_no = true,
                                   .label_en = "Hit@1",
                                   .label_ko = "적중@1"};
inline const MetricDefinition kF1{.name = "f1", .label_en = "F1", .label_ko = "F1"};
inline const MetricDefinition kSeconds{.name = "seconds",
                                       .group = MetricGroup::kCost,
                                       .unit = MetricUnit::kSeconds,
                                       .higher_is_better = false,
                                       .label_en = "Seconds",
                                       .label_ko = "초"};

struct MadeContestant {
  std::string name;
  double seconds = 1;
  std::optional<double> memory;
};

// A growing set of outcomes, each question with a value of `metric` from every contestant.
class MadeOutcomes {
 public:
  MadeOutcomes(std::vector<MadeContestant> contestants, MetricDefinition metric = kFacts)
      : contestants_(std::move(contestants)), metric_(std::move(metric)) {}

  // As many values as contestants.
  QuestionOutcome& add(const std::vector<double>& values, Language language = Language::kKorean,
                       const std::string& type = "") {
    QuestionOutcome outcome;
    outcome.question.id = "q" + std::to_string(outcomes.size());
    outcome.question.language = language;
    outcome.question.type = type;
    for (std::size_t i = 0; i < contestants_.size(); ++i) {
      RecordedAnswer answer;
      answer.contestant = contestants_[i].name;
      answer.cost.total_seconds = contestants_[i].seconds;
      answer.cost.peak_memory_bytes = contestants_[i].memory;
      outcome.answers[contestants_[i].name] = answer;
      outcome.values[contestants_[i].name][metric_.name] = values.at(i);
      outcome.values[contestants_[i].name]["seconds"] = contestants_[i].seconds;
    }
    outcomes.push_back(std::move(outcome));
    return outcomes.back();
  }

  Evaluation evaluation(std::size_t resamples = 2000) const {
    Evaluation evaluation;
    for (const MadeContestant& contestant : contestants_) {
      Contestant made;
      made.name = contestant.name;
      evaluation.contestants.push_back(made);
    }
    evaluation.metrics = {metric_, kSeconds};
    evaluation.outcomes = outcomes;
    Compared compared = compare(outcomes, evaluation.metrics, evaluation.contestants,
                                {.resamples = resamples, .threads = 1});
    evaluation.summaries = std::move(compared.summaries);
    evaluation.comparisons = std::move(compared.comparisons);
    evaluation.warnings = std::move(compared.warnings);
    return evaluation;
  }

  std::vector<QuestionOutcome> outcomes;

 private:
  std::vector<MadeContestant> contestants_;
  MetricDefinition metric_;
};

}  // namespace saseo::eval
