// Quality against seconds and against memory: a point a contestant, bars for the intervals.
#include <algorithm>
#include <cmath>
#include <optional>

#include "base/utf8.h"
#include "eval/report/axis.h"
#include "eval/report/markup.h"
#include "eval/report/sections.h"

namespace saseo::eval {
namespace {

constexpr double kChartWidth = 560, kChartHeight = 340, kLeft = 60, kRight = 545, kTop = 14,
                 kBottom = 290;
// Logarithmic from this ratio of largest to smallest on.
constexpr double kLogarithmicFrom = 8;
constexpr double kLetterWidth = 7.6, kLabelHeight = 15;

struct Point {
  std::size_t contestant;
  Estimate x, y;
};

// Points and axes are in the units that are shown.
struct Chart {
  std::string_view title;
  std::string x_label, y_label;
  Scale x_scale, y_scale;
  std::vector<Point> points;
};

Estimate scaled(const Estimate& estimate, const Scale& scale) {
  return {estimate.value * scale.factor, estimate.low * scale.factor, estimate.high * scale.factor,
          estimate.count};
}

bool is_finite(const Estimate& estimate) {
  return std::isfinite(estimate.value) && std::isfinite(estimate.low) &&
         std::isfinite(estimate.high);
}

Axis x_axis(const Chart& chart) {
  double least = chart.points.front().x.low, most = chart.points.front().x.high;
  for (const Point& point : chart.points) {
    least = std::min({least, point.x.low, point.x.value});
    most = std::max({most, point.x.high, point.x.value});
  }
  if (least > 0 && most / least >= kLogarithmicFrom) {
    return {least / 1.5, most * 1.5, kLeft, kRight, true};
  }
  return {0, most * 1.15, kLeft, kRight};
}

Axis y_axis(const Chart& chart) {
  double least = chart.points.front().y.low, most = chart.points.front().y.high;
  for (const Point& point : chart.points) {
    least = std::min({least, point.y.low, point.y.value});
    most = std::max({most, point.y.high, point.y.value});
  }
  const double room = std::max((most - least) * 0.15, 1e-6);
  return {std::max(0.0, least - room), most + room, kBottom, kTop};
}

std::string axes(const Chart& chart, const Axis& x, const Axis& y) {
  std::string svg;
  const auto short_figure = [](double value) {
    return fmt::format("{:g}", std::round(value * 1000) / 1000);
  };
  for (const double mark : y.marks()) {
    svg += fmt::format(
        "<path class=\"grid\" d=\"M{0} {2:.1f}H{1}\"/>"
        "<text x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>",
        kLeft, kRight, y.place(mark), kLeft - 8, y.place(mark) + 4, short_figure(mark));
  }
  double last_label = -100;
  for (const double mark : x.marks()) {
    const double at = x.place(mark);
    svg += fmt::format("<path class=\"grid\" d=\"M{0:.1f} {1}V{2}\"/>", at, kTop, kBottom);
    if (at - last_label < 34) continue;
    last_label = at;
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>", at,
                       kBottom + 17, short_figure(mark));
  }
  return svg + fmt::format(
                   "<path class=\"axis\" d=\"M{0} {1}V{2}H{3}\"/>"
                   "<text class=\"name\" x=\"{4}\" y=\"{5}\" text-anchor=\"middle\">{6}</text>"
                   "<text class=\"name\" transform=\"translate(15 {7}) rotate(-90)\" "
                   "text-anchor=\"middle\">{8}</text>",
                   kLeft, kTop, kBottom, kRight, (kLeft + kRight) / 2, kBottom + 40,
                   escape(chart.x_label), (kTop + kBottom) / 2, escape(chart.y_label));
}

// Names beside the points, moved up or down where they would lie upon each other.
std::string labels(const EvaluationView& view, const Chart& chart, const Axis& x, const Axis& y) {
  struct Label {
    double left, width, y;
  };
  std::vector<Label> placed;
  std::string svg;
  for (const Point& point : chart.points) {
    const std::string& name = view->contestants[point.contestant].name;
    const double width = kLetterWidth * static_cast<double>(count_code_points(name));
    const double at = x.place(point.x.value);
    const bool before = at + 10 + width > kRight;
    Label label{before ? at - 10 - width : at + 10, width, y.place(point.y.value) - 9};
    const auto covers = [&](const Label& other) {
      return label.left < other.left + other.width && other.left < label.left + label.width &&
             std::abs(other.y - label.y) < kLabelHeight;
    };
    for (int tries = 0; tries < 8 && std::ranges::any_of(placed, covers); ++tries) {
      label.y += tries % 2 == 0 ? (tries + 1) * kLabelHeight : -(tries + 1) * kLabelHeight;
    }
    label.y = std::clamp(label.y, kTop + 10, kBottom - 5);
    placed.push_back(label);
    svg += fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\"{}>{}</text>",
                       before ? at - 10 : at + 10, label.y, before ? " text-anchor=\"end\"" : "",
                       escape(name));
  }
  return svg;
}

std::string marks(const Chart& chart, const Axis& x, const Axis& y) {
  std::string svg;
  for (const Point& point : chart.points) {
    const double px = x.place(point.x.value), py = y.place(point.y.value);
    svg += fmt::format(
        "<g class=\"c{0}\"><path class=\"range\" d=\"M{1:.1f} {2:.1f}H{3:.1f}\"/>"
        "<path class=\"range\" d=\"M{4:.1f} {5:.1f}V{6:.1f}\"/>"
        "<use href=\"#mark{0}\" x=\"{7:.1f}\" y=\"{8:.1f}\" width=\"14\" "
        "height=\"14\"/></g>",
        point.contestant % 6, x.place(point.x.low), py, x.place(point.x.high), px,
        y.place(point.y.low), y.place(point.y.high), px - 7, py - 7);
  }
  return svg;
}

std::string data_table(const EvaluationView& view, const Words& words, const Chart& chart) {
  std::string rows;
  for (const Point& point : chart.points) {
    const auto cell = [](const Estimate& estimate, const Scale& scale) {
      return estimate.low == estimate.high
                 ? figure(estimate.value, scale)
                 : figure(estimate.value, scale) + " " + interval(estimate, scale);
    };
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"num\">{}</td>"
        "<td class=\"num\">{}</td></tr>",
        who(view, point.contestant), cell(point.x, chart.x_scale), cell(point.y, chart.y_scale));
  }
  return fmt::format(
      "<details><summary>{}</summary><table><thead><tr><th scope=\"col\">{}</th>"
      "<th scope=\"col\" class=\"num\">{}</th><th scope=\"col\" class=\"num\">{}</th>"
      "</tr></thead><tbody>{}</tbody></table></details>",
      words("Figures", "수치"), words("Model", "모델"), escape(chart.x_label),
      escape(chart.y_label), rows);
}

std::string drawn(const EvaluationView& view, const Words& words, const Chart& chart,
                  std::string_view id) {
  if (chart.points.empty()) return "";
  const Axis x = x_axis(chart), y = y_axis(chart);
  std::string description;
  for (const Point& point : chart.points) {
    description += fmt::format("{}: {} {}, {} {}. ", view->contestants[point.contestant].name,
                               figure(point.x.value, chart.x_scale), chart.x_scale.unit,
                               figure(point.y.value, chart.y_scale), chart.y_scale.unit);
  }
  return fmt::format(
      "<figure><figcaption>{0}</figcaption><svg class=\"chart\" viewBox=\"0 0 {1} {2}\" "
      "role=\"img\" "
      "aria-labelledby=\"{3}-title {3}-desc\"><title id=\"{3}-title\">{0}</title>"
      "<desc id=\"{3}-desc\">{4}</desc>{5}{6}{7}</svg>{8}</figure>",
      chart.title, kChartWidth, kChartHeight, id, escape(description), axes(chart, x, y),
      marks(chart, x, y), labels(view, chart, x, y), data_table(view, words, chart));
}

std::string with_unit(const std::string& label, const Scale& scale) {
  return scale.unit.empty() ? label : fmt::format("{} ({})", label, scale.unit);
}

// The contestant's cost: of the metric, else the size of its model.
std::optional<Estimate> cost_of(const EvaluationView& view, const MetricDefinition* metric,
                                const Contestant& contestant, bool size_instead) {
  if (metric != nullptr) {
    const MetricSummary* summary = view.summary(metric->name, {}, contestant.name);
    if (summary != nullptr && is_finite(summary->estimate)) return summary->estimate;
    return std::nullopt;
  }
  if (!size_instead || !contestant.model_bytes) return std::nullopt;
  return Estimate{*contestant.model_bytes, *contestant.model_bytes, *contestant.model_bytes, 0};
}

Chart chart_against(const EvaluationView& view, const Words& words, const MetricDefinition* cost,
                    bool size_instead, std::string_view title) {
  const MetricDefinition& quality = *view.leading();
  Chart chart;
  chart.title = title;
  double largest = 0;
  for (std::size_t i = 0; i < view->contestants.size(); ++i) {
    const Contestant& contestant = view->contestants[i];
    const auto x = cost_of(view, cost, contestant, size_instead);
    const MetricSummary* y = view.summary(quality.name, {}, contestant.name);
    if (!x || y == nullptr || !is_finite(y->estimate)) continue;
    chart.points.push_back({i, *x, y->estimate});
    largest = std::max(largest, x->value);
  }
  const MetricUnit unit = cost != nullptr ? cost->unit : MetricUnit::kBytes;
  chart.x_scale = scale_of(unit, largest);
  chart.y_scale = view.scale(quality);
  for (Point& point : chart.points) {
    point.x = scaled(point.x, chart.x_scale);
    point.y = scaled(point.y, chart.y_scale);
  }
  // Figures of the table and the description are in these units already.
  chart.x_scale.factor = chart.y_scale.factor = 1;
  chart.x_label = with_unit(
      cost != nullptr ? words.label(*cost) : std::string(words("Model size", "모델 크기")),
      chart.x_scale);
  chart.y_label = with_unit(words.label(quality), chart.y_scale);
  return chart;
}

}  // namespace

std::string tradeoff_section(const EvaluationView& view, const Words& words) {
  if (view.leading() == nullptr) return "";
  std::string html;
  if (view.seconds() != nullptr) {
    html += drawn(view, words,
                  chart_against(view, words, view.seconds(), false,
                                words("Quality against seconds", "품질과 시간")),
                  "seconds-chart");
  }
  html += drawn(view, words,
                chart_against(view, words, view.memory(), true,
                              words("Quality against memory", "품질과 메모리")),
                "memory-chart");
  if (html.empty()) return "";
  return section(
      "tradeoff", words("What quality costs", "품질의 대가"),
      fmt::format("<p class=\"note\">{}</p><div class=\"charts\">{}</div>",
                  words("Up is better, left is cheaper; bars are 95 % confidence intervals.",
                        "위가 좋고 왼쪽이 쌉니다. 막대는 95 % 신뢰 구간입니다."),
                  html));
}

}  // namespace saseo::eval
