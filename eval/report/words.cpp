#include "eval/report/words.h"

#include <cmath>

namespace saseo::eval {
namespace {
constexpr double kGibibyte = 1024.0 * 1024.0 * 1024.0;
constexpr double kMebibyte = 1024.0 * 1024.0;
}  // namespace

const std::string& Words::label(const MetricDefinition& metric) const {
  const std::string& label = korean_ ? metric.label_ko : metric.label_en;
  return label.empty() ? metric.name : label;
}

std::string_view Words::group(MetricGroup group) const {
  switch (group) {
    case MetricGroup::kFinding:
      return (*this)("Finding", "찾기");
    case MetricGroup::kAnswering:
      return (*this)("Answering", "답하기");
    case MetricGroup::kTrust:
      return (*this)("Trust", "믿을 만함");
    case MetricGroup::kCost:
      return (*this)("Cost", "비용");
    case MetricGroup::kJudge:
      return (*this)("Judge", "심사 모델");
  }
  return "";
}

std::string Words::language(std::string_view code) const {
  switch (language_of_code(code)) {
    case Language::kKorean:
      return std::string((*this)("Korean", "한국어"));
    case Language::kEnglish:
      return std::string((*this)("English", "영어"));
    default:
      break;
  }
  if (code.empty() || code == "und") return std::string((*this)("no language", "언어 모름"));
  return std::string(code);
}

std::string Words::type(std::string_view type) const {
  return std::string(type.empty() ? (*this)("no type", "유형 없음") : type);
}

std::string Words::slice(const Slice& slice) const {
  if (slice.language.empty() && slice.type.empty()) {
    return std::string((*this)("All questions", "모든 질문"));
  }
  if (slice.type.empty()) return language(slice.language);
  if (slice.language.empty()) return slice.type;
  return language(slice.language) + " · " + slice.type;
}

Scale scale_of(MetricUnit unit, double largest) {
  switch (unit) {
    case MetricUnit::kShare:
      return {100, 1, "%"};
    case MetricUnit::kPoints:
      return {1, 1, ""};
    case MetricUnit::kCount:
      return {1, 2, ""};
    case MetricUnit::kSeconds:
      return largest < 0.1 ? Scale{1000, 1, "ms"} : Scale{1, 2, "s"};
    case MetricUnit::kTokens:
      return {1, 0, "tok"};
    case MetricUnit::kTokensPerSecond:
      return {1, 1, "tok/s"};
    case MetricUnit::kBytes:
      return largest >= kGibibyte ? Scale{1 / kGibibyte, 2, "GiB"} : Scale{1 / kMebibyte, 1, "MiB"};
    case MetricUnit::kJoules:
      return {1, 1, "J"};
  }
  return {};
}

std::string figure(double value, const Scale& scale) {
  if (!std::isfinite(value)) return "–";
  const std::string text = fmt::format("{:.{}f}", std::abs(value * scale.factor), scale.decimals);
  const bool zero = text.find_first_not_of("0.") == std::string::npos;
  return (value < 0 && !zero ? "\u2212" : "") + text;
}

std::string signed_figure(double value, const Scale& scale) {
  const std::string text = figure(value, scale);
  const bool zero = text.find_first_of("123456789") == std::string::npos;
  return (value > 0 && !zero ? "+" : "") + text;
}

std::string interval(const Estimate& estimate, const Scale& scale) {
  return fmt::format("[{}, {}]", figure(estimate.low, scale), figure(estimate.high, scale));
}

std::string p_value(double p) {
  if (!std::isfinite(p)) return "–";
  return p < 0.001 ? "p < 0.001" : fmt::format("p = {:.3f}", p);
}

}  // namespace saseo::eval
