#include "cli/views/eval_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/message.h"
#include "cli/views/text_table.h"
#include "engine/runtime/memory_plan.h"
#include "eval/report/judge_lines.h"

namespace saseo::cli {
namespace {

using eval::Comparison;
using eval::Evaluation;
using eval::MetricDefinition;
using eval::MetricGroup;
using eval::MetricSummary;
using eval::MetricUnit;
using eval::Slice;
using Table = TextTable;

std::string label_of(const MetricDefinition& metric) {
  return ui_language() == Language::kKorean ? metric.label_ko : metric.label_en;
}

std::string group_words(MetricGroup group) {
  switch (group) {
    case MetricGroup::kFinding:
      return say("Finding", "찾기");
    case MetricGroup::kAnswering:
      return say("Answering", "답하기");
    case MetricGroup::kTrust:
      return say("Trust", "믿음");
    case MetricGroup::kCost:
      return say("Cost", "비용");
    case MetricGroup::kJudge:
      return say("Judge", "심판");
  }
  return "";
}

std::string slice_words(const Slice& slice) {
  std::string words = slice.language == "ko"   ? say("Korean questions", "한국어 질문")
                      : slice.language == "en" ? say("English questions", "영어 질문")
                      : slice.language.empty() ? say("All questions", "모든 질문")
                                               : slice.language;
  if (!slice.type.empty()) words += ", " + without_controls(slice.type);
  return words;
}

const MetricSummary* summary_of(const Evaluation& evaluation, const std::string& metric,
                                const Slice& slice, const std::string& contestant) {
  const auto found = std::ranges::find_if(evaluation.summaries, [&](const MetricSummary& summary) {
    return summary.metric == metric && summary.slice == slice && summary.contestant == contestant;
  });
  return found == evaluation.summaries.end() ? nullptr : &*found;
}

std::string estimate_words(const eval::Estimate& estimate, MetricUnit unit) {
  if (estimate.count < 2) return metric_words(estimate.value, unit);
  return fmt::format("{} ({}–{})", metric_words(estimate.value, unit),
                     metric_words(estimate.low, unit), metric_words(estimate.high, unit));
}

std::string difference_words(const Comparison& comparison, const MetricDefinition& metric) {
  std::string words = fmt::format("{}{} ({}–{})", comparison.difference.value >= 0 ? "+" : "",
                                  metric_words(comparison.difference.value, metric.unit),
                                  metric_words(comparison.difference.low, metric.unit),
                                  metric_words(comparison.difference.high, metric.unit));
  if (comparison.significant()) words += " *";
  return words;
}

// Slices that have values, those of all types only.
std::vector<Slice> whole_slices(const Evaluation& evaluation) {
  std::vector<Slice> slices;
  for (const MetricSummary& summary : evaluation.summaries) {
    if (summary.slice.type.empty() && std::ranges::find(slices, summary.slice) == slices.end())
      slices.push_back(summary.slice);
  }
  // Where there is one language, "all" says the same.
  if (slices.size() == 2) std::erase(slices, Slice{});
  return slices;
}

void add_metrics(std::string& view, const Evaluation& evaluation, const Slice& slice,
                 const Console& console) {
  const bool pair = evaluation.contestants.size() == 2;
  Table table;
  table.rows.push_back({console.width == 0 ? "" : ""});
  for (const eval::Contestant& contestant : evaluation.contestants)
    table.rows[0].push_back(without_controls(contestant.name));
  if (pair) table.rows[0].push_back(say("difference", "차이"));
  table.rows[0].push_back("n");
  std::optional<MetricGroup> group;
  for (const MetricDefinition& metric : evaluation.metrics) {
    std::vector<std::string> row = {label_of(metric)};
    std::size_t count = 0;
    for (const eval::Contestant& contestant : evaluation.contestants) {
      const MetricSummary* summary = summary_of(evaluation, metric.name, slice, contestant.name);
      row.push_back(summary == nullptr ? "-" : estimate_words(summary->estimate, metric.unit));
      if (summary != nullptr) count = std::max(count, summary->estimate.count);
    }
    if (count == 0) continue;
    if (pair) {
      const auto comparison =
          std::ranges::find_if(evaluation.comparisons, [&](const Comparison& candidate) {
            return candidate.metric == metric.name && candidate.slice == slice;
          });
      row.push_back(
          comparison == evaluation.comparisons.end() ? "-" : difference_words(*comparison, metric));
    }
    row.push_back(std::to_string(count));
    if (group != metric.group) table.rows.push_back({group_words(metric.group)});
    group = metric.group;
    row[0] = "  " + row[0];
    table.rows.push_back(std::move(row));
  }
  if (table.rows.size() == 1) return;
  view += "\n" + console.out_style(Style::kBold, slice_words(slice)) + "\n" + table.text(console);
}

}  // namespace

std::string metric_words(double value, MetricUnit unit) {
  switch (unit) {
    case MetricUnit::kShare:
      return fmt::format("{:.1f}", 100 * value);
    case MetricUnit::kPoints:
      return fmt::format("{:.1f}", value);
    case MetricUnit::kCount:
      return fmt::format("{:.2f}", value);
    case MetricUnit::kSeconds:
      return std::abs(value) < 1 ? fmt::format("{:.0f} ms", 1000 * value)
                                 : fmt::format("{:.1f} s", value);
    case MetricUnit::kTokens:
      return fmt::format("{:.0f}", value);
    case MetricUnit::kTokensPerSecond:
      return fmt::format("{:.1f}/s", value);
    case MetricUnit::kBytes:
      return value < 0 ? "-" + format_bytes(static_cast<std::uint64_t>(-value))
                       : format_bytes(static_cast<std::uint64_t>(value));
    case MetricUnit::kJoules:
      return fmt::format("{:.1f} J", value);
  }
  return "";
}

std::string evaluation_view(const Evaluation& evaluation, const Console& console) {
  std::string view;
  for (const eval::Verdict& verdict : evaluation.verdicts) {
    const std::string& sentence =
        ui_language() == Language::kKorean ? verdict.sentence_ko : verdict.sentence_en;
    view += console.out_style(Style::kBold, wrap_text(without_controls(sentence), console.width)) +
            "\n";
  }
  for (const eval::Contestant& contestant : evaluation.contestants) {
    view += fmt::format("\n  {}  {}",
                        console.out_style(Style::kAccent, without_controls(contestant.name)),
                        say("{} answered, {} refused, {} failed", "답함 {}, 거절 {}, 실패 {}",
                            contestant.answered, contestant.refused, contestant.failed));
    if (contestant.model_bytes)
      view += ", " + format_bytes(static_cast<std::uint64_t>(*contestant.model_bytes));
    view += "  " + console.out_style(Style::kDim, without_controls(contestant.description));
  }
  if (!evaluation.contestants.empty()) view += "\n";
  for (const Slice& slice : whole_slices(evaluation)) add_metrics(view, evaluation, slice, console);
  view +=
      "\n" +
      console.out_style(
          Style::kDim, say("Shares in per cent; in brackets the 95 % interval; * a difference that "
                           "is significant after Holm's adjustment.",
                           "비율은 %. 괄호는 95 % 신뢰구간. *은 Holm 보정 뒤에도 유의한 차이.")) +
      "\n";
  if (evaluation.judge) {
    view += "\n" + console.out_style(Style::kBold, say("Judge", "심사 모델")) + "\n";
    for (const auto& [name, value] :
         eval::judge_lines(*evaluation.judge, eval::Words(ui_language())))
      view += fmt::format("  {}: {}\n", name, without_controls(value));
    view += "\n";
  }
  for (const std::string& warning : evaluation.warnings) {
    view += console.out_style(Style::kWarning, say("Note: ", "참고: ")) +
            wrap_text(without_controls(warning), console.width) + "\n";
  }
  return view;
}

std::string comparison_view(const Evaluation& evaluation, const Console& console) {
  std::string view;
  std::vector<Slice> slices;
  for (const Comparison& comparison : evaluation.comparisons) {
    if (std::ranges::find(slices, comparison.slice) == slices.end())
      slices.push_back(comparison.slice);
  }
  for (const Slice& slice : slices) {
    Table table;
    table.rows.push_back({"", say("difference", "차이"), say("wins", "승"), say("ties", "무"),
                          say("losses", "패"), "p", say("adjusted", "보정"), "d",
                          say("could show", "보일 수 있는 차이"), "n"});
    for (const MetricDefinition& metric : evaluation.metrics) {
      for (const Comparison& comparison : evaluation.comparisons) {
        if (comparison.metric != metric.name || comparison.slice != slice) continue;
        table.rows.push_back({label_of(metric), difference_words(comparison, metric),
                              std::to_string(comparison.wins), std::to_string(comparison.ties),
                              std::to_string(comparison.losses),
                              fmt::format("{:.4f}", comparison.p),
                              fmt::format("{:.4f}", comparison.p_adjusted),
                              fmt::format("{:.2f}", comparison.effect_size),
                              metric_words(comparison.smallest_difference, metric.unit),
                              std::to_string(comparison.difference.count)});
      }
    }
    view += (view.empty() ? "" : "\n") + console.out_style(Style::kBold, slice_words(slice)) +
            "\n" + table.text(console);
  }
  return view;
}

std::string runs_view(const std::vector<app::ListedRun>& runs, const Console& console) {
  if (runs.empty())
    return say("No runs yet: saseo eval QUESTIONS --models A,B\n",
               "실행 기록이 없습니다: saseo eval 질문파일 --models A,B\n");
  Table table;
  table.rows.push_back({say("run", "기록"), say("questions", "질문"), say("answers", "답"),
                        say("created", "만든 때"), say("contestants", "참가자")});
  for (const app::ListedRun& run : runs) {
    std::string contestants;
    for (const std::string& name : run.contestants)
      contestants += (contestants.empty() ? "" : ", ") + without_controls(name);
    std::string answers = fmt::format("{}/{}", run.answers, run.questions * run.contestants.size());
    if (run.failed > 0) answers += say(", {} failed", ", 실패 {}", run.failed);
    table.rows.push_back({without_controls(run.name), std::to_string(run.questions), answers,
                          run.info.created, contestants});
  }
  return table.text(console);
}

}  // namespace saseo::cli
