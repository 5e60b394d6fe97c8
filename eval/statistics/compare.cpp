#include "eval/statistics/compare.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/message.h"
#include "base/thread_pool.h"
#include "eval/statistics/effect_size.h"
#include "eval/statistics/significance.h"

namespace saseo::eval {
namespace {

std::optional<Interval> range_of(MetricUnit unit) {
  if (unit == MetricUnit::kShare) return Interval{0, 1};
  if (unit == MetricUnit::kPoints) return Interval{0, 100};
  return std::nullopt;
}

bool failed(const QuestionOutcome& outcome, const std::string& contestant) {
  const auto answer = outcome.answers.find(contestant);
  return answer != outcome.answers.end() && answer->second.error.has_value();
}

// nullopt where there is none to count.
std::optional<double> value_of(const QuestionOutcome& outcome, const std::string& contestant,
                               const std::string& metric) {
  if (failed(outcome, contestant)) return std::nullopt;
  const auto values = outcome.values.find(contestant);
  if (values == outcome.values.end()) return std::nullopt;
  const auto value = values->second.find(metric);
  if (value == values->second.end() || !std::isfinite(value->second)) return std::nullopt;
  return value->second;
}

bool all_yes_no(const std::vector<double>& values) {
  return std::ranges::all_of(values, [](double value) { return value == 0 || value == 1; });
}

std::size_t count_yes(const std::vector<double>& values) {
  return static_cast<std::size_t>(std::ranges::count(values, 1.0));
}

// Questions on which exactly one has a yes.
struct Discordant {
  std::size_t first_only = 0, second_only = 0;
};
Discordant discordant_of(const PairedValues& values) {
  Discordant counts;
  for (std::size_t i = 0; i < values.first.size(); ++i) {
    if (values.first[i] > values.second[i]) ++counts.first_only;
    if (values.first[i] < values.second[i]) ++counts.second_only;
  }
  return counts;
}

bool compares_yes_no(const PairedValues& values, const MetricDefinition& metric) {
  return metric.yes_no && all_yes_no(values.first) && all_yes_no(values.second);
}

double smallest_difference_of(const std::vector<double>& differences,
                              const MetricDefinition& metric) {
  const double spread = standard_deviation_of(differences);
  const auto range = range_of(metric.unit);
  // Differences that do not vary tell nothing of how they could: as if each were yes or no.
  if (spread == 0 && range) {
    return smallest_yes_no_difference(0, differences.size()) * (range->high - range->low);
  }
  return smallest_difference(spread, differences.size());
}

std::vector<Slice> slices_of(const std::vector<QuestionOutcome>& outcomes) {
  std::set<Slice> slices;  // All first, then types, then languages, each before its types.
  if (!outcomes.empty()) slices.insert(Slice{});
  for (const QuestionOutcome& outcome : outcomes) {
    const std::string language(language_code(outcome.question.language));
    slices.insert({language, {}});
    if (outcome.question.type.empty()) continue;
    slices.insert({{}, outcome.question.type});
    slices.insert({language, outcome.question.type});
  }
  return {slices.begin(), slices.end()};
}

// Which comparisons are adjusted together: compare.h lists them.
std::string family_of(const Slice& slice, const MetricDefinition& metric,
                      const std::vector<std::string>& leading) {
  const std::string prefix = slice.language + '\n';
  if (metric.group == MetricGroup::kCost) return prefix + slice.type + "\ncost";
  if (!slice.type.empty()) return prefix + "types\n" + metric.name;
  return prefix + (std::ranges::find(leading, metric.name) != leading.end() ? "leading" : "others");
}

void adjust(std::vector<Comparison>& comparisons, const std::vector<std::string>& families) {
  std::map<std::string, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    const Comparison& comparison = comparisons[i];
    const bool can_show = comparison.wins + comparison.losses > 0;
    if (can_show) members[families[i]].push_back(i);
  }
  for (const auto& [family, places] : members) {
    std::vector<double> p;
    p.reserve(places.size());
    for (const std::size_t i : places) p.push_back(comparisons[i].p);
    const std::vector<double> adjusted = holm_adjusted(p);
    for (std::size_t k = 0; k < places.size(); ++k) comparisons[places[k]].p_adjusted = adjusted[k];
  }
}

// What pairs leave out: one line each, for all questions.
std::vector<Message> warnings_of(const std::vector<QuestionOutcome>& outcomes,
                                 const std::vector<Contestant>& contestants) {
  std::vector<Message> warnings;
  for (std::size_t i = 0; i < contestants.size(); ++i) {
    for (std::size_t j = i + 1; j < contestants.size(); ++j) {
      const auto left_out = std::ranges::count_if(outcomes, [&](const QuestionOutcome& outcome) {
        return failed(outcome, contestants[i].name) || failed(outcome, contestants[j].name);
      });
      if (left_out == 0) continue;
      warnings.push_back(message(
          "{} of {} questions are left out where {} and {} are compared: one of them failed",
          "질문 {1}개 중 {0}개는 {2}, {3}의 비교에서 뺐습니다. 둘 중 하나가 답하지 못했습니다",
          left_out, outcomes.size(), contestants[i].name, contestants[j].name));
    }
  }
  return warnings;
}

// One thing to compute: a summary where `second` is empty.
struct Task {
  const Slice* slice = nullptr;
  const MetricDefinition* metric = nullptr;
  std::string first, second;
};

IntervalOptions interval_options(const CompareOptions& options) {
  return {.resamples = options.resamples, .seed = options.seed};
}

Estimate summarise(const std::vector<QuestionOutcome>& outcomes, const Task& task,
                   const CompareOptions& options) {
  std::vector<double> values;
  for (const QuestionOutcome& outcome : outcomes) {
    if (!is_in(outcome.question, *task.slice)) continue;
    if (const auto value = value_of(outcome, task.first, task.metric->name))
      values.push_back(*value);
  }
  Estimate estimate{.value = mean_of(values), .count = values.size()};
  IntervalOptions how = interval_options(options);
  how.range = range_of(task.metric->unit);
  const Interval interval = task.metric->yes_no && all_yes_no(values)
                                ? wilson_interval(count_yes(values), values.size(), how.level)
                                : mean_interval(values, how);
  estimate.low = interval.low;
  estimate.high = interval.high;
  return estimate;
}

Comparison compare_pair(const std::vector<QuestionOutcome>& outcomes, const Task& task,
                        const CompareOptions& options) {
  const MetricDefinition& metric = *task.metric;
  const PairedValues values =
      paired_values(outcomes, metric.name, *task.slice, task.first, task.second);
  const std::vector<double> differences = values.differences();
  Comparison comparison{
      .metric = metric.name, .slice = *task.slice, .first = task.first, .second = task.second};
  const Interval interval = difference_interval(values, metric, interval_options(options));
  comparison.difference = {mean_of(differences), interval.low, interval.high, differences.size()};
  const Discordant discordant = discordant_of(values);
  if (compares_yes_no(values, metric)) {
    comparison.test = "mcnemar";
    comparison.p = mcnemar_mid_p(discordant.first_only, discordant.second_only);
    comparison.smallest_difference = smallest_yes_no_difference(
        discordant.first_only + discordant.second_only, differences.size());
  } else {
    comparison.test = "permutation";
    comparison.p =
        sign_flip_test(differences, {.resamples = options.resamples, .seed = options.seed});
    comparison.smallest_difference = smallest_difference_of(differences, metric);
  }
  const WinsTiesLosses counts = count_wins(values.first, values.second, metric.higher_is_better);
  comparison.wins = counts.wins;
  comparison.ties = counts.ties;
  comparison.losses = counts.losses;
  comparison.effect_size = effect_size_of(differences);
  return comparison;
}

}  // namespace

bool is_in(const Question& question, const Slice& slice) {
  return (slice.language.empty() || slice.language == language_code(question.language)) &&
         (slice.type.empty() || slice.type == question.type);
}

std::vector<double> PairedValues::differences() const {
  std::vector<double> differences(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) differences[i] = second[i] - first[i];
  return differences;
}

PairedValues paired_values(const std::vector<QuestionOutcome>& outcomes, const std::string& metric,
                           const Slice& slice, const std::string& first,
                           const std::string& second) {
  PairedValues values;
  for (const QuestionOutcome& outcome : outcomes) {
    if (!is_in(outcome.question, slice)) continue;
    const auto a = value_of(outcome, first, metric), b = value_of(outcome, second, metric);
    if (!a || !b) continue;
    values.first.push_back(*a);
    values.second.push_back(*b);
  }
  return values;
}

Interval difference_interval(const PairedValues& values, const MetricDefinition& metric,
                             const IntervalOptions& options) {
  if (compares_yes_no(values, metric)) {
    const Discordant discordant = discordant_of(values);
    return tango_interval(discordant.first_only, discordant.second_only, values.first.size(),
                          options.level);
  }
  IntervalOptions how = options;
  if (const auto range = range_of(metric.unit)) {
    how.range = Interval{range->low - range->high, range->high - range->low};
  }
  return difference_interval(values.differences(), how);
}

Compared compare(const std::vector<QuestionOutcome>& outcomes,
                 const std::vector<MetricDefinition>& metrics,
                 const std::vector<Contestant>& contestants, const CompareOptions& options) {
  const std::vector<Slice> slices = slices_of(outcomes);
  std::map<std::string, std::vector<std::string>> leading;  // By language.
  std::vector<Task> tasks;
  for (const Slice& slice : slices) {
    if (!leading.contains(slice.language)) {
      leading[slice.language] = leading_metrics(outcomes, metrics, slice.language, options.leading);
    }
    for (const MetricDefinition& metric : metrics) {
      for (std::size_t i = 0; i < contestants.size(); ++i) {
        tasks.push_back({&slice, &metric, contestants[i].name, {}});
        for (std::size_t j = i + 1; j < contestants.size(); ++j) {
          tasks.push_back({&slice, &metric, contestants[i].name, contestants[j].name});
        }
      }
    }
  }
  std::vector<Estimate> estimates(tasks.size());
  std::vector<Comparison> pairs(tasks.size());
  ThreadPool threads(options.threads);
  threads.for_each(tasks.size(), [&](std::size_t i, std::size_t) {
    if (tasks[i].second.empty()) {
      estimates[i] = summarise(outcomes, tasks[i], options);
    } else {
      pairs[i] = compare_pair(outcomes, tasks[i], options);
    }
  });

  Compared compared{.warnings = warnings_of(outcomes, contestants)};
  std::vector<std::string> families;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const Task& task = tasks[i];
    if (task.second.empty() && estimates[i].count > 0) {
      compared.summaries.push_back({task.metric->name, *task.slice, task.first, estimates[i]});
    } else if (!task.second.empty() && pairs[i].difference.count > 0) {
      families.push_back(family_of(*task.slice, *task.metric, leading[task.slice->language]));
      compared.comparisons.push_back(std::move(pairs[i]));
    }
  }
  adjust(compared.comparisons, families);
  return compared;
}

}  // namespace saseo::eval
