#include "eval/metrics/judge_metrics.h"

#include <algorithm>
#include <optional>

#include "base/message.h"
#include "eval/judge/judge.h"
#include "eval/statistics/compare.h"

namespace saseo::eval {
namespace {

// What a verdict gives to the answer shown first.
double worth_to_first(JudgedBest best) {
  return best == JudgedBest::kFirst ? 1 : best == JudgedBest::kSecond ? 0 : 0.5;
}

// The same with the answers exchanged.
JudgedBest exchanged(JudgedBest best) {
  return best == JudgedBest::kFirst    ? JudgedBest::kSecond
         : best == JudgedBest::kSecond ? JudgedBest::kFirst
                                       : JudgedBest::kNeither;
}

class JudgeScorer {
 public:
  JudgeScorer(const std::string& identity, const std::map<std::string, RecordedJudgement>& known)
      : identity_(identity), known_(known) {}

  void score(QuestionOutcome& outcome, const std::vector<Contestant>& contestants);
  JudgeSummary summary(const std::string& name, IntervalOptions options) const;

 private:
  // Worth to `first`: 1, 0.5 or 0; nullopt where it counts for nobody.
  std::optional<double> compare(const ShownAnswers& shown, std::vector<double>& positions,
                                std::vector<double>& agreements);

  const std::string& identity_;
  const std::map<std::string, RecordedJudgement>& known_;
  JudgeSummary summary_;
  // By question: the mean over its pairs.
  std::vector<double> positions_, agreements_;
};

std::optional<double> JudgeScorer::compare(const ShownAnswers& shown,
                                           std::vector<double>& positions,
                                           std::vector<double>& agreements) {
  ++summary_.pairs;
  if (const std::optional<JudgedBest> best = settled_without_judge(shown)) {
    ++summary_.settled;
    return worth_to_first(*best);
  }
  const ShownAnswers other_order{shown.question, shown.second, shown.first};
  const auto there = known_.find(judgement_hash(shown, identity_));
  const auto back = known_.find(judgement_hash(other_order, identity_));
  if (there == known_.end() || back == known_.end()) {
    ++summary_.missing;
    return std::nullopt;
  }
  for (const RecordedJudgement* judgement : {&there->second, &back->second})
    summary_.malformed += judgement->malformed;
  if (there->second.error || back->second.error) {
    ++summary_.failed;
    return std::nullopt;
  }
  ++summary_.judged;
  const JudgedBest best = there->second.best, again = exchanged(back->second.best);
  positions.push_back((worth_to_first(best) + worth_to_first(back->second.best)) / 2 - 0.5);
  agreements.push_back(best == again ? 1 : 0);
  return best == again ? worth_to_first(best) : 0.5;
}

void JudgeScorer::score(QuestionOutcome& outcome, const std::vector<Contestant>& contestants) {
  std::map<std::string, std::vector<double>> worths;  // By contestant.
  std::vector<double> positions, agreements;
  for (std::size_t i = 0; i < contestants.size(); ++i) {
    const auto first = outcome.answers.find(contestants[i].name);
    for (std::size_t k = i + 1; k < contestants.size(); ++k) {
      const auto second = outcome.answers.find(contestants[k].name);
      if (first == outcome.answers.end() || second == outcome.answers.end()) continue;
      if (!can_be_judged(first->second, second->second)) continue;
      const std::optional<double> worth =
          compare({outcome.question, first->second, second->second}, positions, agreements);
      if (!worth) continue;
      worths[contestants[i].name].push_back(*worth);
      worths[contestants[k].name].push_back(1 - *worth);
    }
  }
  for (const auto& [contestant, values] : worths)
    outcome.values[contestant]["judge-wins"] = mean_of(values);
  if (positions.empty()) return;
  positions_.push_back(mean_of(positions));
  agreements_.push_back(mean_of(agreements));
}

JudgeSummary JudgeScorer::summary(const std::string& name, IntervalOptions options) const {
  JudgeSummary summary = summary_;
  summary.judge = name;
  // Wins of the answer shown first less those of the second are twice the bias.
  PairedValues wins;
  for (const double bias : positions_) {
    wins.first.push_back(0.5 - bias);
    wins.second.push_back(0.5 + bias);
  }
  const Interval bias = difference_interval(wins, judge_metric_definitions().front(), options);
  summary.position_bias = {mean_of(positions_), bias.low / 2, bias.high / 2, positions_.size()};
  options.range = Interval{0, 1};
  const Interval agreement = mean_interval(agreements_, options);
  summary.agreement = {mean_of(agreements_), agreement.low, agreement.high, agreements_.size()};
  return summary;
}

}  // namespace

const std::vector<MetricDefinition>& judge_metric_definitions() {
  static const std::vector<MetricDefinition> definitions = {
      {"judge-wins", MetricGroup::kJudge, MetricUnit::kShare, true, false,
       "Better than the other, says the judge", "심사 모델이 더 낫다고 한 비율"}};
  return definitions;
}

JudgeSummary add_judge_values(std::vector<QuestionOutcome>& outcomes,
                              const std::vector<Contestant>& contestants,
                              const std::string& judge_name, const std::string& judge_identity,
                              const std::map<std::string, RecordedJudgement>& judgements,
                              const IntervalOptions& options) {
  JudgeScorer scorer(judge_identity, judgements);
  for (QuestionOutcome& outcome : outcomes) scorer.score(outcome, contestants);
  return scorer.summary(judge_name, options);
}

std::vector<Message> judge_warnings(const JudgeSummary& summary, const RunInfo& info,
                                    const std::vector<StoredContestant>& contestants) {
  std::vector<Message> warnings;
  const bool contests = std::ranges::any_of(contestants, [&](const StoredContestant& contestant) {
    return is_same_model(contestant, info.judge, info.judge_identity);
  });
  if (contests) warnings.push_back(judge_contests(info.judge));
  if (summary.missing > 0)
    warnings.push_back(
        message("{} of {} pairs of answers are not judged, or not since an answer "
                "changed; the same evaluation with its judge once more goes on there.",
                "답 {}/{}쌍은 아직, 또는 답이 바뀐 뒤로 심사하지 않았습니다. 심사 "
                "모델과 함께 같은 평가를 다시 실행하면 이어서 합니다.",
                summary.missing, summary.pairs));
  if (summary.failed > 0)
    warnings.push_back(
        message("The judge failed on {} of {} pairs of answers; they count for nobody.",
                "심사 모델이 답 {}/{}쌍에서 실패했습니다. 어느 쪽에도 치지 않았습니다.",
                summary.failed, summary.pairs));
  return warnings;
}

}  // namespace saseo::eval
