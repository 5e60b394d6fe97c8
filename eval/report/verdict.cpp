#include "eval/report/verdict.h"

#include <fmt/format.h>

#include <cmath>

#include "eval/report/verdict_words.h"

namespace saseo::eval {

std::string short_number(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

std::string times(double ratio) {
  if (ratio >= 10) return fmt::format("{:.0f}", ratio);
  return ratio >= 1 ? short_number(ratio) : fmt::format("{:.2f}", ratio);
}

bool is_more(double ratio) { return ratio > 1.05; }
bool is_less(double ratio) { return ratio < 0.95; }

std::vector<Verdict> verdicts_of(const Evaluation& evaluation, const VerdictOptions& options) {
  std::vector<Verdict> verdicts;
  for (const std::string language : {"ko", "en"}) {
    const VerdictFindings findings = findings_of(evaluation, language, options);
    if (findings.asked == 0) continue;
    verdicts.push_back({language, verdict_in_english(findings), verdict_in_korean(findings)});
  }
  return verdicts;
}

}  // namespace saseo::eval
