#include "eval/report/gate.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/message.h"
#include "base/utf8.h"
#include "eval/report/view.h"
#include "eval/report/words.h"

namespace saseo::eval {
namespace {

Error bad_condition(std::string_view condition, std::string_view reason_en,
                    std::string_view reason_ko) {
  return make_error(
      ErrorCode::kInvalidArgument,
      "gate \"{0}\": {1}. Expected: [CONTESTANT:][LANGUAGE/][TYPE/]METRIC=NUMBER, such "
      "as facts=0.8 or ko/facts=0.75.",
      "조건 \"{0}\": {2}. [모델:][언어/][유형/]지표=수, 예를 들어 facts=0.8이나 "
      "ko/facts=0.75처럼 쓰세요.",
      condition, reason_en, reason_ko);
}

Result<GateCondition> parse_condition(std::string_view text) {
  GateCondition condition{.text = std::string(text)};
  const std::size_t equals = text.rfind('=');
  if (equals == std::string_view::npos) return bad_condition(text, "no \"=\"", "\"=\"이 없습니다");
  const std::string_view number = trim(text.substr(equals + 1));
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), condition.bound);
  if (error != std::errc() || end != number.data() + number.size() ||
      !std::isfinite(condition.bound)) {
    return bad_condition(text, "what follows \"=\" is not a number", "\"=\" 뒤가 수가 아닙니다");
  }
  std::string_view left = trim(text.substr(0, equals));
  if (const std::size_t colon = left.rfind(':'); colon != std::string_view::npos) {
    condition.contestant = trim(left.substr(0, colon));
    left = trim(left.substr(colon + 1));
    if (condition.contestant.empty()) {
      return bad_condition(text, "no contestant before \":\"", "\":\" 앞에 모델 이름이 없습니다");
    }
  }
  if (const std::size_t slash = left.find('/'); slash != std::string_view::npos) {
    const std::string_view first = left.substr(0, slash);
    if (first == "ko" || first == "en") {
      condition.slice.language = first;
      left.remove_prefix(slash + 1);
    }
  }
  // A type may have slashes of its own; a metric's name has none.
  if (const std::size_t slash = left.rfind('/'); slash != std::string_view::npos) {
    condition.slice.type = left.substr(0, slash);
    left.remove_prefix(slash + 1);
  }
  condition.metric = left;
  if (condition.metric.empty()) return bad_condition(text, "no metric", "지표가 없습니다");
  return condition;
}

// An error that a name is none of those there are.
Error unknown_name(const GateCondition& condition, std::string_view kind_en,
                   std::string_view kind_ko, std::string_view name,
                   const std::vector<std::string>& known) {
  return make_error(ErrorCode::kInvalidArgument,
                    "gate \"{0}\": this evaluation has no {1} \"{3}\". It has: {4}.",
                    "조건 \"{0}\": 이 평가에 없는 {2}입니다: \"{3}\". 있는 것: {4}.",
                    condition.text, kind_en, kind_ko, name, fmt::to_string(fmt::join(known, ", ")));
}

std::string unit_free(double value) { return fmt::format("{:.4g}", value); }

GateResult checked(const GateCondition& condition, const MetricDefinition& metric,
                   const MetricSummary& summary) {
  const double mean = summary.estimate.value;
  GateResult result;
  result.name = condition.contestant.empty()
                    ? fmt::format("{}: {}", summary.contestant, condition.text)
                    : condition.text;
  result.passed = metric.higher_is_better ? mean >= condition.bound : mean <= condition.bound;
  const std::string found =
      fmt::format("{:.4g} [{:.4g}, {:.4g}]", mean, summary.estimate.low, summary.estimate.high);
  result.message =
      metric.higher_is_better
          ? message("{} of {} is {} on {} questions; at least {} is wanted",
                    "{}: {}의 값이 {}입니다(질문 {}개). {} 이상이어야 합니다", metric.name,
                    summary.contestant, found, summary.estimate.count, unit_free(condition.bound))
          : message("{} of {} is {} on {} questions; at most {} is wanted",
                    "{}: {}의 값이 {}입니다(질문 {}개). {} 이하여야 합니다", metric.name,
                    summary.contestant, found, summary.estimate.count, unit_free(condition.bound));
  return result;
}

std::string name_of_slice(const Slice& slice) {
  return slice.language + (slice.language.empty() || slice.type.empty() ? "" : "/") + slice.type;
}

}  // namespace

Result<std::vector<GateCondition>> parse_gate_conditions(std::string_view text) {
  std::vector<GateCondition> conditions;
  while (true) {
    const std::size_t comma = text.find(',');
    SASEO_ASSIGN_OR_RETURN(GateCondition condition, parse_condition(trim(text.substr(0, comma))));
    conditions.push_back(std::move(condition));
    if (comma == std::string_view::npos) return conditions;
    text.remove_prefix(comma + 1);
  }
}

Result<std::vector<GateResult>> check_conditions(const std::vector<GateCondition>& conditions,
                                                 const Evaluation& evaluation) {
  const EvaluationView view(evaluation);
  std::vector<std::string> contestants, metrics;
  for (const Contestant& contestant : evaluation.contestants) {
    contestants.push_back(contestant.name);
  }
  for (const MetricDefinition& metric : evaluation.metrics) metrics.push_back(metric.name);

  std::vector<GateResult> results;
  for (const GateCondition& condition : conditions) {
    const MetricDefinition* metric = view.metric(condition.metric);
    if (metric == nullptr) {
      return unknown_name(condition, "metric", "지표", condition.metric, metrics);
    }
    if (!condition.contestant.empty() &&
        std::ranges::find(contestants, condition.contestant) == contestants.end()) {
      return unknown_name(condition, "contestant", "모델", condition.contestant, contestants);
    }
    bool any = false;
    for (const std::string& contestant : contestants) {
      if (!condition.contestant.empty() && contestant != condition.contestant) continue;
      const MetricSummary* summary = view.summary(metric->name, condition.slice, contestant);
      if (summary == nullptr) continue;
      any = true;
      results.push_back(checked(condition, *metric, *summary));
    }
    if (!any) {
      std::set<std::string> slices;
      for (const MetricSummary& summary : evaluation.summaries) {
        if (summary.metric == metric->name) slices.insert(name_of_slice(summary.slice));
      }
      slices.erase("");
      return unknown_name(condition, "value for", "질문 묶음", name_of_slice(condition.slice),
                          {slices.begin(), slices.end()});
    }
  }
  return results;
}

std::vector<GateResult> check_regressions(const std::vector<Comparison>& against_baseline,
                                          const std::vector<MetricDefinition>& metrics) {
  std::vector<GateResult> results;
  for (const Comparison& comparison : against_baseline) {
    const auto metric = std::ranges::find(metrics, comparison.metric, &MetricDefinition::name);
    if (metric == metrics.end() || metric->group == MetricGroup::kCost) continue;
    const Estimate& difference = comparison.difference;
    const bool wholly_worse = metric->higher_is_better ? difference.high < 0 : difference.low > 0;
    const std::string slice = name_of_slice(comparison.slice);
    results.push_back(
        {.name = fmt::format("{}: {}{}{} against the baseline", comparison.second, slice,
                             slice.empty() ? "" : "/", comparison.metric),
         .passed = !(wholly_worse && comparison.significant()),
         .message = message("{} changed by {:+.4g} [{:+.4g}, {:+.4g}] on {} questions ({} after "
                            "Holm)",
                            "{} 변화: {:+.4g} [{:+.4g}, {:+.4g}], 질문 {}개(Holm 보정 뒤 {})",
                            comparison.metric, difference.value, difference.low, difference.high,
                            difference.count, p_value(comparison.p_adjusted))});
  }
  if (results.empty()) {
    results.push_back(
        {.name = "baseline",
         .passed = false,
         .message =
             message("nothing to compare: the baseline has no contestant of the same name with "
                     "the same questions and metrics",
                     "비교할 것이 없습니다. 기준 평가에 같은 이름의 모델이 같은 질문과 지표로 "
                     "있지 않습니다")});
  }
  return results;
}

bool all_passed(const std::vector<GateResult>& results) {
  return std::ranges::all_of(results, &GateResult::passed);
}

}  // namespace saseo::eval
