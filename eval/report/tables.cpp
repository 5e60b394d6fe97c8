// The tables of metrics, slices and costs, and the cells they are made of.
#include <algorithm>
#include <array>
#include <cmath>

#include "eval/report/markup.h"
#include "eval/report/sections.h"

namespace saseo::eval {
namespace {

// With more contestants, only the differences from the first stand beside the values.
constexpr std::size_t kMaxContestantsAllPairs = 3;

// Half width and height of a drawn interval, in its own units.
constexpr double kHalf = 40, kHeight = 14;

std::vector<Pair> pairs_beside_values(const EvaluationView& view) {
  std::vector<Pair> pairs = view.pairs();
  if (view->contestants.size() > kMaxContestantsAllPairs) {
    const std::string& first = view->contestants.front().name;
    std::erase_if(pairs,
                  [&](const Pair& pair) { return pair.first != first && pair.second != first; });
  }
  return pairs;
}

// Largest distance from 0 that the intervals of the metric's differences come to.
double reach_of(const EvaluationView& view, const MetricDefinition& metric) {
  double reach = metric.unit == MetricUnit::kShare ? 0.05 : 0;
  for (const Pair& pair : view.pairs()) {
    if (const Comparison* comparison = view.comparison(metric.name, {}, pair)) {
      const Estimate& difference = comparison->difference;
      for (const double end : {difference.low, difference.high, difference.value}) {
        if (std::isfinite(end)) reach = std::max(reach, std::abs(end));
      }
    }
  }
  return reach;
}

std::string drawn_interval(const Estimate& difference, double reach) {
  const auto x = [&](double value) {
    return kHalf + std::clamp(value / reach, -1.0, 1.0) * (kHalf - 4);
  };
  if (!(reach > 0) || !std::isfinite(difference.value + difference.low + difference.high))
    return "";
  return fmt::format(
      "<svg class=\"forest\" viewBox=\"0 0 {0} {1}\" aria-hidden=\"true\">"
      "<path class=\"zero\" d=\"M{2} 0V{1}\"/><path class=\"range\" d=\"M{3:.1f} {4}H{5:.1f}\"/>"
      "<circle cx=\"{6:.1f}\" cy=\"{4}\" r=\"3\"/></svg>",
      2 * kHalf, kHeight, kHalf, x(difference.low), kHeight / 2, x(difference.high),
      x(difference.value));
}

std::string significance(const Words& words, const Comparison& comparison,
                         const MetricDefinition& metric) {
  const std::string p =
      words.format("{} ({}, after Holm)", "{} ({}, Holm 보정)",
                   escape(p_value(comparison.p_adjusted)), escape(comparison.test));
  const Finding finding = finding_of(comparison, metric);
  if (finding == Finding::kNoDifference) {
    return fmt::format("<span class=\"sig none\" title=\"{}\">{}</span>", p,
                       words("not significant", "유의하지 않음"));
  }
  const std::string_view stars = comparison.p_adjusted < 0.001  ? "***"
                                 : comparison.p_adjusted < 0.01 ? "**"
                                                                : "*";
  return fmt::format(
      "<span class=\"sig {}\" title=\"{}\">{}{}</span>",
      finding == Finding::kBetter ? "better" : "worse", p,
      finding == Finding::kBetter ? words("▲ better ", "▲ 나음 ") : words("▼ worse ", "▼ 못함 "),
      stars);
}

// Questions behind the row: "50", or "48–50" where contestants differ.
std::string count_cell(const EvaluationView& view, const MetricDefinition& metric,
                       const Slice& slice) {
  std::size_t least = SIZE_MAX, most = 0;
  for (const Contestant& contestant : view->contestants) {
    if (const auto* summary = view.summary(metric.name, slice, contestant.name)) {
      least = std::min(least, summary->estimate.count);
      most = std::max(most, summary->estimate.count);
    }
  }
  if (most == 0) return "<td class=\"num\">–</td>";
  return least == most ? fmt::format("<td class=\"num\">{}</td>", most)
                       : fmt::format("<td class=\"num\">{}–{}</td>", least, most);
}

std::string table_head(const EvaluationView& view, const Words& words, std::string_view first,
                       const std::vector<Pair>& pairs) {
  std::string html =
      fmt::format("<thead><tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"num\">{}</th>",
                  first, words("Questions", "질문 수"));
  for (std::size_t i = 0; i < view->contestants.size(); ++i) {
    html += fmt::format("<th scope=\"col\" class=\"num\">{}</th>", who(view, i));
  }
  for (const Pair& pair : pairs) {
    html += fmt::format("<th scope=\"col\" class=\"num diff\">{}</th>", less(view, pair));
  }
  return html + "</tr></thead>";
}

// A table that scrolls sideways within the page, reachable by keyboard.
std::string scrolling(std::string_view label, const std::string& table) {
  return fmt::format(
      "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">{}</div>",
      escape(label), table);
}

// The metric's scores of all answers together, where it has such.
std::string corpus_row(const EvaluationView& view, const Words& words,
                       const MetricDefinition& metric, const std::vector<Pair>& pairs) {
  const Scale scale = view.scale(metric);
  std::string cells;
  bool any = false;
  for (const Contestant& contestant : view->contestants) {
    const CorpusScore* score = view.corpus_score(metric.name, {}, contestant.name);
    any = any || score != nullptr;
    cells += fmt::format("<td class=\"num\">{}</td>",
                         score == nullptr ? "–" : figure(score->value, scale));
  }
  if (!any) return "";
  for (std::size_t i = 0; i < pairs.size(); ++i) cells += "<td class=\"num diff\"></td>";
  return fmt::format("<tr class=\"corpus\"><th scope=\"row\">{}, {}</th><td></td>{}</tr>\n",
                     escape(words.label(metric)),
                     words("all answers together", "모든 답변을 한데 모아"), cells);
}

std::string metric_rows(const EvaluationView& view, const Words& words, MetricGroup group,
                        const std::vector<Pair>& pairs) {
  std::string rows;
  for (const MetricDefinition& metric : view->metrics) {
    if (metric.group != group) continue;
    const Scale scale = view.scale(metric);
    rows += fmt::format("<tr{}><th scope=\"row\">{}</th>{}",
                        &metric == view.leading() ? " class=\"leading\"" : "",
                        metric_name(words, metric, scale), count_cell(view, metric, {}));
    for (const Contestant& contestant : view->contestants) {
      rows += estimate_cell(view.summary(metric.name, {}, contestant.name), scale);
    }
    const double reach = reach_of(view, metric);
    for (const Pair& pair : pairs) {
      rows += difference_cell(words, view.comparison(metric.name, {}, pair), metric, scale, reach);
    }
    rows += "</tr>\n" + corpus_row(view, words, metric, pairs);
  }
  return rows;
}

// Shade 0 to 6 of a share or of points; none of others.
std::string shade(const MetricDefinition& metric, double value) {
  const double share = metric.unit == MetricUnit::kShare    ? value
                       : metric.unit == MetricUnit::kPoints ? value / 100
                                                            : NAN;
  if (!std::isfinite(share)) return "num";
  return fmt::format("num heat{}", std::lround(std::clamp(share, 0.0, 1.0) * 6));
}

std::string slice_table(const EvaluationView& view, const Words& words,
                        const MetricDefinition& metric) {
  const std::vector<Pair> pairs = pairs_beside_values(view);
  const Scale scale = view.scale(metric);
  std::string rows;
  for (const Slice& slice : view.slices()) {
    std::string cells;
    bool any = false;
    for (const Contestant& contestant : view->contestants) {
      const MetricSummary* summary = view.summary(metric.name, slice, contestant.name);
      any = any || summary != nullptr;
      cells += estimate_cell(summary, scale,
                             summary == nullptr ? "num" : shade(metric, summary->estimate.value));
    }
    if (!any) continue;
    for (const Pair& pair : pairs) {
      cells += difference_cell(words, view.comparison(metric.name, slice, pair), metric, scale, 0);
    }
    rows += fmt::format("<tr{}><th scope=\"row\">{}</th>{}{}</tr>\n",
                        slice == Slice{} ? " class=\"leading\"" : "", escape(words.slice(slice)),
                        count_cell(view, metric, slice), cells);
  }
  return rows.empty()
             ? ""
             : scrolling(
                   words.label(metric),
                   fmt::format("<table>{}<tbody>{}</tbody></table>",
                               table_head(view, words, words("Questions of", "질문 묶음"), pairs),
                               rows));
}

// Everything known of every difference, for those who check.
std::string comparison_table(const EvaluationView& view, const Words& words) {
  std::string rows;
  for (const Comparison& comparison : view->comparisons) {
    const MetricDefinition* metric = view.metric(comparison.metric);
    if (metric == nullptr || comparison.slice != Slice{}) continue;
    const Scale scale = view.scale(*metric);
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"num\">{} <small>{}</small></td>"
        "<td class=\"num\">{}</td><td class=\"num\">{}</td><td>{}</td>"
        "<td class=\"num\">{}/{}/{}</td><td class=\"num\">{:.3g}</td><td "
        "class=\"num\">{}</td></tr>\n",
        metric_name(words, *metric, scale), less(view, {comparison.first, comparison.second}),
        signed_figure(comparison.difference.value, scale), interval(comparison.difference, scale),
        escape(p_value(comparison.p)), escape(p_value(comparison.p_adjusted)),
        escape(comparison.test), comparison.wins, comparison.ties, comparison.losses,
        comparison.effect_size, figure(comparison.smallest_difference, scale));
  }
  if (rows.empty()) return "";
  std::string head;
  for (const std::string_view name :
       {words("Metric", "지표"), words("Difference of", "차이"),
        words("Difference, 95 % interval", "차이, 95 % 구간"), words("p", "p"),
        words("p after Holm", "Holm 보정 p"), words("Test", "검정"),
        words("Won/tied/lost", "승/무/패"), words("Effect size d", "효과 크기 d"),
        words("Smallest difference this set could show", "이 질문들로 드러날 최소 차이")}) {
    head += fmt::format("<th scope=\"col\">{}</th>", name);
  }
  const std::string_view title = words("Tests behind the differences", "차이를 가린 검정");
  return fmt::format(
      "<details><summary>{}</summary>{}</details>", title,
      scrolling(title, fmt::format("<table><thead><tr>{}</tr></thead><tbody>{}</tbody>"
                                   "</table>",
                                   head, rows)));
}

constexpr std::array kQualityGroups = {MetricGroup::kAnswering, MetricGroup::kFinding,
                                       MetricGroup::kTrust, MetricGroup::kJudge};

}  // namespace

std::string estimate_cell(const MetricSummary* summary, const Scale& scale,
                          std::string_view classes) {
  if (summary == nullptr) return "<td class=\"num\">–</td>";
  return fmt::format("<td class=\"{}\"><b>{}</b><br/><small>{}</small></td>", classes,
                     figure(summary->estimate.value, scale), interval(summary->estimate, scale));
}

std::string difference_cell(const Words& words, const Comparison* comparison,
                            const MetricDefinition& metric, const Scale& scale, double reach) {
  if (comparison == nullptr) return "<td class=\"num diff\">–</td>";
  return fmt::format("<td class=\"num diff\">{}<b>{}</b><br/>{} <small>{}</small></td>",
                     drawn_interval(comparison->difference, reach),
                     signed_figure(comparison->difference.value, scale),
                     significance(words, *comparison, metric),
                     interval(comparison->difference, scale));
}

std::string metric_section(const EvaluationView& view, const Words& words) {
  const std::vector<Pair> pairs = pairs_beside_values(view);
  const std::size_t columns = 2 + view->contestants.size() + pairs.size();
  std::string bodies;
  for (const MetricGroup group : kQualityGroups) {
    const std::string rows = metric_rows(view, words, group, pairs);
    if (rows.empty()) continue;
    bodies += fmt::format(
        "<tbody><tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n{}</tbody>",
        columns, words.group(group), rows);
  }
  if (bodies.empty()) return "";
  const std::string_view title = words("Metrics", "지표");
  std::string note(words("Mean and 95 % confidence interval. ", "평균과 95 % 신뢰 구간입니다. "));
  if (!pairs.empty()) {
    note += words(
        "Differences are paired by question; a mark says that the difference is significant after "
        "Holm's correction (* p < 0.05, ** p < 0.01, *** p < 0.001). Not significant means not "
        "shown by these questions, not that there is none.",
        "차이는 같은 질문끼리 짝지어 구했고, 표시는 Holm 보정 뒤에도 유의하다는 뜻입니다"
        "(* p < 0.05, ** p < 0.01, *** p < 0.001). 유의하지 않음은 이 질문들로는 드러나지 않았다는 "
        "뜻이지 차이가 없다는 뜻이 아닙니다.");
  }
  return section("metrics", title,
                 scrolling(title, fmt::format("<table class=\"metrics\">{}{}</table>",
                                              table_head(view, words, title, pairs), bodies)) +
                     fmt::format("<p class=\"note\">{}</p>", escape(note)) +
                     comparison_table(view, words));
}

std::string slice_section(const EvaluationView& view, const Words& words) {
  if (view.slices().size() < 2) return "";
  std::string html =
      fmt::format("<p class=\"note\">{}</p>",
                  words("Darker is larger. Few questions in a row make wide intervals.",
                        "짙을수록 큰 값입니다. 질문이 적은 줄은 구간이 넓습니다."));
  for (const MetricGroup group : kQualityGroups) {
    for (const MetricDefinition& metric : view->metrics) {
      if (metric.group != group) continue;
      const std::string table = slice_table(view, words, metric);
      if (table.empty()) continue;
      html += fmt::format("<details{}><summary>{}</summary>{}</details>",
                          &metric == view.leading() ? " open=\"open\"" : "",
                          metric_name(words, metric, view.scale(metric)), table);
    }
  }
  return section("slices", words("By language and type", "언어와 유형별"), html);
}

std::string cost_section(const EvaluationView& view, const Words& words) {
  const std::vector<Pair> pairs = pairs_beside_values(view);
  std::string rows = metric_rows(view, words, MetricGroup::kCost, pairs);
  double largest = 0;
  for (const Contestant& contestant : view->contestants) {
    largest = std::max(largest, contestant.model_bytes.value_or(0));
  }
  if (largest > 0) {
    const Scale scale = scale_of(MetricUnit::kBytes, largest);
    rows += fmt::format("<tr><th scope=\"row\">{} <span class=\"unit\">{}</span></th><td></td>",
                        words("Model size", "모델 크기"), scale.unit);
    for (const Contestant& contestant : view->contestants) {
      rows += fmt::format("<td class=\"num\"><b>{}</b></td>",
                          contestant.model_bytes ? figure(*contestant.model_bytes, scale) : "–");
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) rows += "<td class=\"num diff\"></td>";
    rows += "</tr>\n";
  }
  if (rows.empty()) return "";
  const std::string_view title = words("Cost", "비용");
  return section(
      "cost", title,
      scrolling(title, fmt::format("<table class=\"metrics\">{}<tbody>{}</tbody></table>",
                                   table_head(view, words, title, pairs), rows)));
}

}  // namespace saseo::eval
