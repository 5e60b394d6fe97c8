// How each metric's values are spread over the questions: a histogram a contestant.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "eval/report/markup.h"
#include "eval/report/sections.h"

namespace saseo::eval {
namespace {

constexpr std::size_t kBins = 10;
constexpr double kWidth = 320, kPlotTop = 18, kPlotHeight = 30, kRowHeight = 60;

using Counts = std::array<std::size_t, kBins>;

struct Row {
  std::size_t contestant;
  Counts counts{};
  std::size_t total = 0;
};

struct Histogram {
  double least = 0, most = 1;
  std::vector<Row> rows;
};

Histogram histogram_of(const EvaluationView& view, const MetricDefinition& metric) {
  std::vector<std::vector<double>> values(view->contestants.size());
  double most = 0;
  for (const QuestionOutcome& outcome : view->outcomes) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (const auto value =
              EvaluationView::value(outcome, view->contestants[i].name, metric.name)) {
        values[i].push_back(*value);
        most = std::max(most, *value);
      }
    }
  }
  Histogram histogram;
  histogram.most = metric.unit == MetricUnit::kShare    ? 1
                   : metric.unit == MetricUnit::kPoints ? 100
                   : most > 0                           ? most
                                                        : 1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].empty()) continue;
    Row row{i};
    row.total = values[i].size();
    for (const double value : values[i]) {
      const double share = std::clamp(value / histogram.most, 0.0, 1.0);
      ++row.counts[std::min(kBins - 1, static_cast<std::size_t>(share * kBins))];
    }
    histogram.rows.push_back(row);
  }
  return histogram;
}

std::string drawn_row(const EvaluationView& view, const MetricDefinition& metric,
                      const Histogram& histogram, const Row& row, double top, std::size_t tallest) {
  const double bin = kWidth / kBins, base = top + kPlotTop + kPlotHeight;
  std::string svg =
      fmt::format("<g class=\"c{}\"><text class=\"label\" x=\"1\" y=\"{}\">{}</text>",
                  row.contestant % 6, top + 12, escape(view->contestants[row.contestant].name));
  for (std::size_t i = 0; i < kBins; ++i) {
    if (row.counts[i] == 0) continue;
    const double height = std::max(
        1.0, kPlotHeight * static_cast<double>(row.counts[i]) / static_cast<double>(tallest));
    svg += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
                       static_cast<double>(i) * bin + 1, base - height, bin - 2, height);
  }
  svg += fmt::format("<path class=\"axis\" d=\"M0 {0}H{1}\"/>", base, kWidth);
  if (const auto* summary = view.summary(metric.name, {}, view->contestants[row.contestant].name)) {
    const auto x = [&](double value) {
      return std::clamp(value / histogram.most, 0.0, 1.0) * kWidth;
    };
    const Estimate& mean = summary->estimate;
    if (std::isfinite(mean.value + mean.low + mean.high)) {
      svg += fmt::format(
          "<path class=\"range\" d=\"M{0:.1f} {1}H{2:.1f}\"/>"
          "<circle cx=\"{3:.1f}\" cy=\"{1}\" r=\"3\"/>",
          x(mean.low), base + 5, x(mean.high), x(mean.value));
    }
  }
  return svg + "</g>";
}

// The ends of the bins of shares and points are whole numbers.
Scale whole(const MetricDefinition& metric, Scale scale) {
  if (metric.unit == MetricUnit::kShare || metric.unit == MetricUnit::kPoints) scale.decimals = 0;
  return scale;
}

std::string bin_name(const MetricDefinition& metric, const Histogram& histogram, const Scale& scale,
                     std::size_t i) {
  const double width = (histogram.most - histogram.least) / kBins;
  const double from = histogram.least + static_cast<double>(i) * width;
  const Scale shown = whole(metric, scale);
  return fmt::format("{}–{}", figure(from, shown), figure(from + width, shown));
}

std::string counts_table(const EvaluationView& view, const Words& words,
                         const MetricDefinition& metric, const Histogram& histogram) {
  const Scale scale = scale_of(metric.unit, histogram.most);
  std::string head = fmt::format("<th scope=\"col\">{}</th>", words("Values", "값"));
  for (const Row& row : histogram.rows) {
    head += fmt::format("<th scope=\"col\" class=\"num\">{}</th>", who(view, row.contestant));
  }
  std::string body;
  for (std::size_t i = 0; i < kBins; ++i) {
    if (std::ranges::all_of(histogram.rows, [&](const Row& row) { return row.counts[i] == 0; })) {
      continue;
    }
    body += fmt::format("<tr><th scope=\"row\">{}</th>", bin_name(metric, histogram, scale, i));
    for (const Row& row : histogram.rows) {
      body += fmt::format("<td class=\"num\">{}</td>", row.counts[i]);
    }
    body += "</tr>";
  }
  return fmt::format(
      "<details><summary>{}</summary><table><thead><tr>{}</tr></thead>"
      "<tbody>{}</tbody></table></details>",
      words("Counts", "질문 수"), head, body);
}

std::string distribution_card(const EvaluationView& view, const Words& words,
                              const MetricDefinition& metric) {
  const Histogram histogram = histogram_of(view, metric);
  if (histogram.rows.empty()) return "";
  std::size_t tallest = 1;
  for (const Row& row : histogram.rows) tallest = std::max(tallest, std::ranges::max(row.counts));
  const Scale scale = scale_of(metric.unit, histogram.most);
  std::string rows, description;
  double top = 0;
  for (const Row& row : histogram.rows) {
    rows += drawn_row(view, metric, histogram, row, top, tallest);
    top += kRowHeight;
    const auto* summary = view.summary(metric.name, {}, view->contestants[row.contestant].name);
    description += words.format("{}: {} questions", "{}: 질문 {}개",
                                view->contestants[row.contestant].name, row.total);
    if (summary != nullptr) {
      description += words.format(", mean {} {}", ", 평균 {} {}",
                                  figure(summary->estimate.value, scale), scale.unit);
    }
    description += ". ";
  }
  const Scale ends = whole(metric, scale);
  return fmt::format(
      "<figure class=\"distribution\"><figcaption>{}</figcaption>"
      "<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\"><title>{}</title><desc>{}</desc>{}"
      "<text x=\"0\" y=\"{}\">{}</text><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text></svg>"
      "{}</figure>\n",
      metric_name(words, metric, scale), kWidth, top + 12, escape(words.label(metric)),
      escape(description), rows, top + 9, figure(histogram.least, ends), kWidth, top + 9,
      figure(histogram.most, ends), counts_table(view, words, metric, histogram));
}

}  // namespace

std::string distribution_section(const EvaluationView& view, const Words& words) {
  std::string html;
  for (const MetricGroup group : {MetricGroup::kAnswering, MetricGroup::kFinding,
                                  MetricGroup::kTrust, MetricGroup::kCost, MetricGroup::kJudge}) {
    std::string cards;
    bool leads = false;
    for (const MetricDefinition& metric : view->metrics) {
      if (metric.group != group) continue;
      cards += distribution_card(view, words, metric);
      leads = leads || &metric == view.leading();
    }
    if (cards.empty()) continue;
    html += fmt::format("<details{}><summary>{}</summary><div class=\"cards\">{}</div></details>",
                        leads ? " open=\"open\"" : "", words.group(group), cards);
  }
  if (html.empty()) return "";
  return section(
      "distributions", words("Distributions", "분포"),
      fmt::format("<p class=\"note\">{}</p>{}",
                  words("Questions by value; the dot under each histogram is the mean with its "
                        "interval.",
                        "값마다의 질문 수입니다. 막대그래프 아래 점은 평균과 그 구간입니다."),
                  html));
}

}  // namespace saseo::eval
