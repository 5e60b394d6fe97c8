#include "eval/statistics/leading_metric.h"

#include <algorithm>
#include <map>

#include "base/message.h"

namespace saseo::eval {
namespace {

// Questions of the language on which any contestant has a value, by metric.
std::map<std::string, std::size_t> questions_by_metric(const std::vector<QuestionOutcome>& outcomes,
                                                       const std::vector<MetricDefinition>& metrics,
                                                       const std::string& language) {
  std::map<std::string, std::size_t> counts;
  for (const QuestionOutcome& outcome : outcomes) {
    if (!language.empty() && language_code(outcome.question.language) != language) continue;
    for (const MetricDefinition& metric : metrics) {
      const bool has = std::ranges::any_of(outcome.values, [&](const auto& contestant) {
        return contestant.second.contains(metric.name);
      });
      if (has) ++counts[metric.name];
    }
  }
  return counts;
}

}  // namespace

std::vector<std::string> leading_metrics(const std::vector<QuestionOutcome>& outcomes,
                                         const std::vector<MetricDefinition>& metrics,
                                         const std::string& language,
                                         const LeadingOptions& options) {
  const auto counts = questions_by_metric(outcomes, metrics, language);
  std::vector<std::string> leading;
  for (const MetricGroup group :
       {MetricGroup::kAnswering, MetricGroup::kFinding, MetricGroup::kTrust, MetricGroup::kJudge}) {
    // Those named first, in the order of preference, then the others.
    std::vector<std::string> candidates;
    for (const MetricDefinition& metric : metrics) {
      if (metric.group == group && counts.contains(metric.name)) candidates.push_back(metric.name);
    }
    std::ranges::stable_sort(candidates, {}, [&](const std::string& name) {
      return std::ranges::find(options.preferred, name) - options.preferred.begin();
    });
    if (candidates.empty()) continue;
    const auto enough = std::ranges::find_if(candidates, [&](const std::string& name) {
      return counts.at(name) >= options.min_questions;
    });
    leading.push_back(enough != candidates.end()
                          ? *enough
                          : *std::ranges::max_element(candidates, {}, [&](const std::string& name) {
                              return counts.at(name);
                            }));
  }
  return leading;
}

}  // namespace saseo::eval
