#include "eval/report/judge_lines.h"

#include "eval/report/markup.h"
#include "eval/report/sections.h"

namespace saseo::eval {

std::vector<std::pair<std::string, std::string>> judge_lines(const JudgeSummary& judge,
                                                             const Words& words) {
  std::vector<std::pair<std::string, std::string>> lines;
  lines.emplace_back(words("Judge", "심사 모델"), judge.judge);
  const auto count = [&](std::string_view name, std::size_t value) {
    if (value > 0) lines.emplace_back(name, std::to_string(value));
  };
  count(words("Pairs of answers", "답의 쌍"), judge.pairs);
  count(words("judged in both orders", "두 순서로 심사"), judge.judged);
  count(words("settled without the judge", "심사 없이 정해짐"), judge.settled);
  count(words("the judge failed", "심사 실패"), judge.failed);
  count(words("not judged", "심사하지 않음"), judge.missing);
  count(words("Verdicts asked for again", "다시 물은 판정"), judge.malformed);
  if (judge.judged == 0) return lines;
  const Scale scale = scale_of(MetricUnit::kShare, 1);
  lines.emplace_back(words("Position bias (wins of the answer shown first, less half)",
                           "위치 편향(먼저 보인 답의 승률에서 절반을 뺀 값)"),
                     fmt::format("{} {}",
                                 signed_figure(judge.position_bias.value, {scale.factor, 1, ""}) +
                                     std::string(words(" points", "%p")),
                                 interval(judge.position_bias, scale)));
  lines.emplace_back(words("Same verdict in both orders", "두 순서의 판정이 같음"),
                     fmt::format("{} % {}", figure(judge.agreement.value, scale),
                                 interval(judge.agreement, scale)));
  return lines;
}

std::string judge_section(const EvaluationView& view, const Words& words) {
  if (!view->judge) return "";
  std::string rows;
  for (const auto& [name, value] : judge_lines(*view->judge, words))
    rows += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escape(name), escape(value));
  return section("judge", words("Judge", "심사 모델"),
                 fmt::format("<dl class=\"provenance\">{}</dl>", rows));
}

}  // namespace saseo::eval
