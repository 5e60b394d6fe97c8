// The contestants at a glance, where the figures come from, and small pieces that all sections use.
#include "eval/report/markup.h"
#include "eval/report/sections.h"

namespace saseo::eval {
namespace {

std::string headline(const EvaluationView& view, const Words& words, const MetricDefinition* metric,
                     const Contestant& contestant) {
  if (metric == nullptr) return "";
  const MetricSummary* summary = view.summary(metric->name, {}, contestant.name);
  if (summary == nullptr) return "";
  const Scale scale = view.scale(*metric);
  return fmt::format("<div><dt>{}</dt><dd><b>{}</b> {} <small>{}</small></dd></div>",
                     escape(words.label(*metric)), figure(summary->estimate.value, scale),
                     scale.unit, interval(summary->estimate, scale));
}

std::string row(std::string_view name, std::string_view value) {
  return value.empty()
             ? ""
             : fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escape(name), escape(value));
}

}  // namespace

std::string section(std::string_view id, std::string_view title, const std::string& body) {
  return body.empty()
             ? ""
             : fmt::format("<section id=\"{}\"><h2>{}</h2>{}</section>\n", id, escape(title), body);
}

std::string who(const EvaluationView& view, std::size_t i) {
  return fmt::format(
      "<span class=\"who\"><svg class=\"mark c{0}\" aria-hidden=\"true\">"
      "<use href=\"#mark{0}\"/></svg>{1}</span>",
      i % 6, escape(view->contestants[i].name));
}

std::size_t index_of(const EvaluationView& view, std::string_view contestant) {
  std::size_t i = 0;
  while (i < view->contestants.size() && view->contestants[i].name != contestant) ++i;
  return i;
}

std::string less(const EvaluationView& view, const Pair& pair) {
  const std::size_t first = index_of(view, pair.first), second = index_of(view, pair.second);
  const auto shown = [&](std::size_t i, const std::string& name) {
    return i < view->contestants.size() ? who(view, i) : escape(name);
  };
  return fmt::format("{} \u2212 {}", shown(second, pair.second), shown(first, pair.first));
}

std::string metric_name(const Words& words, const MetricDefinition& metric, const Scale& scale) {
  return fmt::format(
      "{} <span class=\"unit\" title=\"{}\">{}{}{}</span>", escape(words.label(metric)),
      metric.higher_is_better ? words("higher is better", "클수록 좋음")
                              : words("lower is better", "작을수록 좋음"),
      scale.unit, scale.unit.empty() ? "" : " ", metric.higher_is_better ? "↑" : "↓");
}

std::string contestant_cards(const EvaluationView& view, const Words& words) {
  std::string cards;
  for (std::size_t i = 0; i < view->contestants.size(); ++i) {
    const Contestant& contestant = view->contestants[i];
    cards += fmt::format(
        "<article class=\"card c{}\"><h3>{}</h3><p class=\"note\">{}</p><dl>{}{}{}</dl>"
        "<p class=\"counts\">{}</p></article>",
        i % 6, who(view, i), escape(contestant.description),
        headline(view, words, view.leading(), contestant),
        headline(view, words, view.seconds(), contestant),
        headline(view, words, view.memory(), contestant),
        words.format("{} answered, {} refused, {} failed", "답변 {}, 거절 {}, 실패 {}",
                     contestant.answered, contestant.refused, contestant.failed));
  }
  return section("models", words("Models", "모델"),
                 cards.empty() ? "" : fmt::format("<div class=\"cards\">{}</div>", cards));
}

std::string provenance_section(const EvaluationView& view, const Words& words) {
  const Evaluation& evaluation = view.evaluation();
  std::string rows = row(words("Question set", "질문 묶음"), evaluation.set_name) +
                     row(words("Hash of the set", "질문 묶음 해시"), evaluation.set_hash) +
                     row(words("Library", "라이브러리"), evaluation.library) +
                     row(words("Hash of the index", "색인 해시"), evaluation.index_hash) +
                     row(words("Made", "만든 때"), evaluation.created) +
                     row(words("Machine", "기계"), evaluation.machine) +
                     row("Saseo", evaluation.saseo_version);
  for (const auto& [metric, signature] : evaluation.signatures) {
    rows += row(words.format("Signature of {}", "{} 서명", metric), signature);
  }
  return section("provenance", words("Provenance", "출처"),
                 rows.empty() ? "" : fmt::format("<dl class=\"provenance\">{}</dl>", rows));
}

}  // namespace saseo::eval
