#include "eval/report/verdict_findings.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/message.h"
#include "eval/statistics/compare.h"

namespace saseo::eval {
namespace {

// 100 points are the range of the metric; where it has none, its own unit.
double points_per_unit(const MetricDefinition& metric) {
  return metric.unit == MetricUnit::kShare ? 100 : 1;
}

const MetricDefinition* definition_of(const Evaluation& evaluation, const std::string& name) {
  const auto found = std::ranges::find(evaluation.metrics, name, &MetricDefinition::name);
  return found == evaluation.metrics.end() ? nullptr : &*found;
}

const MetricSummary* summary_of(const Evaluation& evaluation, const std::string& metric,
                                const Slice& slice, const std::string& contestant) {
  const auto found = std::ranges::find_if(evaluation.summaries, [&](const MetricSummary& summary) {
    return summary.metric == metric && summary.slice == slice && summary.contestant == contestant;
  });
  return found == evaluation.summaries.end() ? nullptr : &*found;
}

const Comparison* comparison_of(const Evaluation& evaluation, const std::string& metric,
                                const Slice& slice, const std::string& one,
                                const std::string& other) {
  const auto found = std::ranges::find_if(evaluation.comparisons, [&](const Comparison& c) {
    return c.metric == metric && c.slice == slice &&
           ((c.first == one && c.second == other) || (c.first == other && c.second == one));
  });
  return found == evaluation.comparisons.end() ? nullptr : &*found;
}

// Sums over the questions that both answered, for a ratio of means.
struct Totals {
  double of_one = 0, of_other = 0;
  void add(const std::optional<double>& one, const std::optional<double>& other) {
    if (!one || !other) return;
    of_one += *one;
    of_other += *other;
  }
  std::optional<double> ratio() const {
    if (of_one <= 0 || of_other <= 0) return std::nullopt;
    return of_one / of_other;
  }
};

// Seconds: the ratio of means is how much longer the same questions take in all; a mean of ratios
// would let short answers count as much as long waits. Memory: that of the hungriest question.
CostRatio cost_ratio(const Evaluation& evaluation, const std::string& language,
                     const std::string& one, const std::string& other) {
  Totals seconds, memory;
  for (const QuestionOutcome& outcome : evaluation.outcomes) {
    if (!is_in(outcome.question, {language, {}})) continue;
    const auto a = outcome.answers.find(one), b = outcome.answers.find(other);
    if (a == outcome.answers.end() || b == outcome.answers.end()) continue;
    if (a->second.error || b->second.error) continue;
    const Cost &first = a->second.cost, &second = b->second.cost;
    seconds.add(first.total_seconds, second.total_seconds);
    if (first.peak_memory_bytes && second.peak_memory_bytes) {
      memory.of_one = std::max(memory.of_one, *first.peak_memory_bytes);
      memory.of_other = std::max(memory.of_other, *second.peak_memory_bytes);
    }
  }
  return {seconds.ratio(), memory.ratio()};
}

// How dear `one` is, `other` being 1: by time, else memory, else the size of the model; nullopt
// where none is known.
std::optional<double> dearness(const Evaluation& evaluation, const CostRatio& ratio,
                               const std::string& one, const std::string& other) {
  if (ratio.seconds) return ratio.seconds;
  if (ratio.memory) return ratio.memory;
  const auto size_of = [&](const std::string& name) -> std::optional<double> {
    const auto found = std::ranges::find(evaluation.contestants, name, &Contestant::name);
    return found == evaluation.contestants.end() ? std::nullopt : found->model_bytes;
  };
  const auto a = size_of(one), b = size_of(other);
  if (!a || !b || *a <= 0 || *b <= 0) return std::nullopt;
  return *a / *b;
}

// What one gains over the other, in points; the sign heeds the metric's direction.
struct Gain {
  double points = 0, low = 0, high = 0;
};
Gain gain_of(double value, double low, double high, const MetricDefinition& metric, bool turned) {
  const double unit = points_per_unit(metric);
  const bool negative = turned == metric.higher_is_better;
  if (negative) return {-unit * value, -unit * high, -unit * low};
  return {unit * value, unit * low, unit * high};
}

Gap gap_of(const Evaluation& evaluation, const MetricDefinition& metric,
           const std::string& language, const Comparison& comparison, const std::string& leader) {
  const bool leader_is_first = comparison.first == leader;
  const Estimate& difference = comparison.difference;
  const Gain gain =
      gain_of(difference.value, difference.low, difference.high, metric, leader_is_first);
  // Over the questions of the pair the leader can be behind.
  const bool leads = gain.points >= 0;
  Gap gap;
  gap.better = leader;
  gap.worse = leader_is_first ? comparison.second : comparison.first;
  if (!leads) std::swap(gap.better, gap.worse);
  gap.points = std::abs(gain.points);
  gap.low = leads ? gain.low : -gain.high;
  gap.high = leads ? gain.high : -gain.low;
  const bool without_zero = gap.low > 0;
  gap.shown = without_zero && comparison.significant();
  gap.held_before = without_zero && !comparison.significant();
  gap.could_have_shown = comparison.smallest_difference * points_per_unit(metric);
  gap.questions = difference.count;
  gap.cost = cost_ratio(evaluation, language, gap.better, gap.worse);
  return gap;
}

// What `one` gains over `other` with an interval of the given level.
Gain gain_over(const Evaluation& evaluation, const MetricDefinition& metric, const Slice& slice,
               const std::string& one, const std::string& other, double level,
               const VerdictOptions& options) {
  const PairedValues values = paired_values(evaluation.outcomes, metric.name, slice, other, one);
  const Interval interval = difference_interval(
      values, metric, {.level = level, .resamples = options.resamples, .seed = options.seed});
  return gain_of(mean_of(values.differences()), interval.low, interval.high, metric, false);
}

struct Candidate {
  std::string name;
  double dearness = 1;  // Of it to the leader.
};

constexpr double kBlur = 0.05;  // Costs nearer than this are alike.

// The others by what they cost, cheapest first; those of unknown cost are left out.
std::vector<Candidate> by_cost(const Evaluation& evaluation, const std::string& language,
                               const std::string& leader, const std::vector<std::string>& names) {
  std::vector<Candidate> others;
  for (const std::string& name : names) {
    if (name == leader) continue;
    const CostRatio ratio = cost_ratio(evaluation, language, name, leader);
    if (const auto dear = dearness(evaluation, ratio, name, leader))
      others.push_back({name, *dear});
  }
  std::ranges::stable_sort(others, {}, &Candidate::dearness);
  return others;
}

std::set<std::string> types_of(const Evaluation& evaluation, const std::string& language) {
  std::set<std::string> types;
  for (const QuestionOutcome& outcome : evaluation.outcomes) {
    const std::string& type = outcome.question.type;
    if (!type.empty() && is_in(outcome.question, {language, {}})) types.insert(type);
  }
  return types;
}

std::optional<Sufficient> sufficient_at(const Evaluation& evaluation,
                                        const MetricDefinition& metric,
                                        const VerdictFindings& findings, const std::string& name,
                                        const std::string& versus, std::size_t looked_at,
                                        const VerdictOptions& options) {
  const double level = 1 - 0.05 / static_cast<double>(looked_at);
  const Gain gain =
      gain_over(evaluation, metric, {findings.language, {}}, name, versus, level, options);
  if (gain.low < -findings.margin_points) return std::nullopt;
  return Sufficient{name,     versus,    gain.points,
                    gain.low, gain.high, cost_ratio(evaluation, findings.language, name, versus)};
}

// Where the cheaper of two suffices, where the dearer gains, and where too few were asked.
void add_types(const Evaluation& evaluation, const MetricDefinition& metric,
               const VerdictOptions& options, VerdictFindings& findings) {
  std::vector<TypeCount> enough;
  for (const std::string& type : types_of(evaluation, findings.language)) {
    const std::size_t questions =
        paired_values(evaluation.outcomes, metric.name, {findings.language, type}, findings.dearer,
                      findings.cheaper)
            .first.size();
    if (questions == 0) continue;
    (questions < options.min_questions ? findings.too_few : enough).push_back({type, questions});
  }
  const double level = 1 - 0.05 / static_cast<double>(std::max<std::size_t>(1, enough.size()));
  for (const TypeCount& type : enough) {
    const Slice slice{findings.language, type.type};
    const Gain gain =
        gain_over(evaluation, metric, slice, findings.cheaper, findings.dearer, level, options);
    if (gain.low >= -findings.margin_points) {
      findings.suffices_for.push_back(type);
      continue;
    }
    const Comparison* comparison =
        comparison_of(evaluation, metric.name, slice, findings.cheaper, findings.dearer);
    if (comparison != nullptr && comparison->significant() && gain.points < 0) {
      findings.gains_for.push_back({type, -gain.points});
    }
  }
}

void add_choice_of_two(const Evaluation& evaluation, const MetricDefinition& metric,
                       const Candidate& other, const VerdictOptions& options,
                       VerdictFindings& findings) {
  if (std::abs(other.dearness - 1) < kBlur) return;
  const bool other_is_cheaper = other.dearness < 1;
  findings.cheaper = other_is_cheaper ? other.name : findings.leader;
  findings.dearer = other_is_cheaper ? findings.leader : other.name;
  findings.sufficient =
      sufficient_at(evaluation, metric, findings, findings.cheaper, findings.dearer, 1, options);
  if (!findings.sufficient) add_types(evaluation, metric, options, findings);
}

void add_choice_of_several(const Evaluation& evaluation, const MetricDefinition& metric,
                           const std::vector<Candidate>& others, const VerdictOptions& options,
                           VerdictFindings& findings) {
  const auto cheaper = static_cast<std::size_t>(std::ranges::count_if(
      others, [](const Candidate& other) { return other.dearness < 1 - kBlur; }));
  findings.others_are_cheaper = cheaper > 0;
  findings.leader_is_cheapest = cheaper == 0 && others.size() + 1 == findings.contestants;
  for (std::size_t i = 0; i < cheaper && !findings.sufficient; ++i) {
    findings.sufficient = sufficient_at(evaluation, metric, findings, others[i].name,
                                        findings.leader, cheaper, options);
  }
}

}  // namespace

VerdictFindings findings_of(const Evaluation& evaluation, const std::string& language,
                            const VerdictOptions& options) {
  const Slice slice{language, {}};
  VerdictFindings findings{.language = language};
  findings.min_questions = options.min_questions;
  findings.asked = static_cast<std::size_t>(std::ranges::count_if(
      evaluation.outcomes,
      [&](const QuestionOutcome& outcome) { return is_in(outcome.question, slice); }));
  const std::vector<std::string> leading =
      leading_metrics(evaluation.outcomes, evaluation.metrics, language, options.leading);
  if (leading.empty()) return findings;
  const MetricDefinition* metric = definition_of(evaluation, leading.front());
  if (metric == nullptr) return findings;
  findings.margin_points = 100 * options.margin;

  std::vector<std::string> names;
  const MetricSummary* best = nullptr;
  for (const Contestant& contestant : evaluation.contestants) {
    const MetricSummary* summary = summary_of(evaluation, metric->name, slice, contestant.name);
    if (summary == nullptr) continue;
    names.push_back(contestant.name);
    const double sign = metric->higher_is_better ? 1 : -1;
    if (best == nullptr || sign * summary->estimate.value > sign * best->estimate.value) {
      best = summary;
    }
  }
  if (best == nullptr) return findings;
  findings.metric = *metric;
  findings.contestants = names.size();
  findings.leader = best->contestant;
  findings.leader_mean = best->estimate;
  findings.scored = best->estimate.count;
  for (const std::string& name : names) {
    const Comparison* comparison =
        name == findings.leader
            ? nullptr
            : comparison_of(evaluation, metric->name, slice, findings.leader, name);
    if (comparison == nullptr) continue;
    findings.gaps.push_back(gap_of(evaluation, *metric, language, *comparison, findings.leader));
    findings.scored = std::min(findings.scored, comparison->difference.count);
  }
  if (findings.scored < options.min_questions) return findings;

  const std::vector<Candidate> others = by_cost(evaluation, language, findings.leader, names);
  if (names.size() == 2 && !others.empty()) {
    add_choice_of_two(evaluation, *metric, others.front(), options, findings);
  } else if (names.size() > 2) {
    add_choice_of_several(evaluation, *metric, others, options, findings);
  }
  return findings;
}

}  // namespace saseo::eval
