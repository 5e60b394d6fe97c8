#include "eval/report/report_markdown.h"

#include <algorithm>
#include <string_view>

#include "base/utf8.h"
#include "eval/report/judge_lines.h"
#include "eval/report/markup.h"
#include "eval/report/view.h"

namespace saseo::eval {
namespace {

// On one line, without any meaning in Markdown or HTML.
std::string inline_text(std::string_view text) {
  std::string escaped;
  for (const char c : collapse_spaces(visible_text(text))) {
    if (std::string_view("\\`*_[]<>|~&#!@").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string quotation(std::string_view text) {
  std::string lines;
  const std::string shown = visible_text(trim(text));
  for (std::size_t at = 0; at <= shown.size();) {
    const std::size_t end = std::min(shown.find('\n', at), shown.size());
    const std::string line = inline_text(std::string_view(shown).substr(at, end - at));
    // A number or dash at the start would begin a list.
    const bool list =
        !line.empty() && std::string_view("-+0123456789=").find(line[0]) != std::string_view::npos;
    lines += line.empty() ? ">\n" : fmt::format("> {}{}\\\n", list ? "&#8203;" : "", line);
    at = end + 1;
  }
  return lines;
}

std::string row(const std::vector<std::string>& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

// The rule below a table's head: the first column is text, the others are figures.
std::string rule(std::size_t columns) {
  std::vector<std::string> cells(columns, "---:");
  cells.front() = "---";
  return row(cells);
}

std::string estimate_text(const MetricSummary* summary, const Scale& scale) {
  return summary == nullptr ? "–"
                            : fmt::format("{} {}", figure(summary->estimate.value, scale),
                                          interval(summary->estimate, scale));
}

std::string difference_text(const Comparison* comparison, const MetricDefinition& metric,
                            const Scale& scale) {
  if (comparison == nullptr) return "–";
  const Finding finding = finding_of(*comparison, metric);
  return fmt::format("{} {}{}", signed_figure(comparison->difference.value, scale),
                     interval(comparison->difference, scale),
                     finding == Finding::kBetter  ? " ▲"
                     : finding == Finding::kWorse ? " ▼"
                                                  : "");
}

std::string metric_label(const Words& words, const MetricDefinition& metric, const Scale& scale) {
  return fmt::format("{}{}{} {}", inline_text(words.label(metric)), scale.unit.empty() ? "" : ", ",
                     scale.unit, metric.higher_is_better ? "↑" : "↓");
}

// Figures and differences of the contestants in the rows that `row_of` names.
std::vector<std::string> figures(const EvaluationView& view, const MetricDefinition& metric,
                                 const Slice& slice) {
  const Scale scale = view.scale(metric);
  std::vector<std::string> cells;
  for (const Contestant& contestant : view->contestants) {
    cells.push_back(estimate_text(view.summary(metric.name, slice, contestant.name), scale));
  }
  for (const Pair& pair : view.pairs()) {
    cells.push_back(difference_text(view.comparison(metric.name, slice, pair), metric, scale));
  }
  return cells;
}

std::string table_head(const EvaluationView& view, std::string_view first) {
  std::vector<std::string> cells = {std::string(first)};
  for (const Contestant& contestant : view->contestants) {
    cells.push_back(inline_text(contestant.name));
  }
  for (const Pair& pair : view.pairs()) {
    cells.push_back(inline_text(pair.second) + " \u2212 " + inline_text(pair.first));
  }
  return row(cells) + rule(cells.size());
}

// Scores of all answers together, where the metric has such.
std::string corpus_row(const EvaluationView& view, const Words& words,
                       const MetricDefinition& metric) {
  const Scale scale = view.scale(metric);
  std::vector<std::string> cells = {
      inline_text(words.label(metric)) +
      words.format(", all answers together", ", 모든 답변을 한데 모아")};
  bool any = false;
  for (const Contestant& contestant : view->contestants) {
    const CorpusScore* score = view.corpus_score(metric.name, {}, contestant.name);
    any = any || score != nullptr;
    cells.push_back(score == nullptr ? "–" : figure(score->value, scale));
  }
  cells.resize(cells.size() + view.pairs().size());
  return any ? row(cells) : "";
}

std::string metric_table(const EvaluationView& view, const Words& words) {
  std::string rows;
  for (const MetricDefinition& metric : view->metrics) {
    std::vector<std::string> cells = figures(view, metric, {});
    cells.insert(cells.begin(), metric_label(words, metric, view.scale(metric)));
    rows += row(cells);
  }
  for (const MetricDefinition& metric : view->metrics) rows += corpus_row(view, words, metric);
  if (rows.empty()) return "";
  return fmt::format("## {}\n\n{}{}\n{}\n\n", words("Metrics", "지표"),
                     table_head(view, words("Metric", "지표")), rows,
                     words("Mean and 95 % confidence interval; ▲ better, ▼ worse: significant "
                           "after Holm's correction.",
                           "평균과 95 % 신뢰 구간. ▲ 나음, ▼ 못함: Holm 보정 뒤에도 유의함."));
}

std::string slice_table(const EvaluationView& view, const Words& words) {
  if (view.leading() == nullptr || view.slices().size() < 2) return "";
  std::string rows;
  for (const Slice& slice : view.slices()) {
    std::vector<std::string> cells = figures(view, *view.leading(), slice);
    cells.insert(cells.begin(), inline_text(words.slice(slice)));
    rows += row(cells);
  }
  return fmt::format("## {}: {}\n\n{}{}\n", words("By language and type", "언어와 유형별"),
                     metric_label(words, *view.leading(), view.scale(*view.leading())),
                     table_head(view, words("Questions of", "질문 묶음")), rows);
}

std::string answer_of(const EvaluationView& view, const Words& words,
                      const QuestionOutcome& outcome, const Contestant& contestant) {
  const RecordedAnswer* answer = EvaluationView::answer(outcome, contestant.name);
  if (answer == nullptr) return "";
  std::string note;
  if (const auto value = EvaluationView::value(outcome, contestant.name, view.leading()->name)) {
    const Scale scale = view.scale(*view.leading());
    note =
        fmt::format(" ({}{}{})", figure(*value, scale), scale.unit.empty() ? "" : " ", scale.unit);
  }
  if (answer->refused) note += fmt::format(" {}", words("refused", "거절"));
  if (answer->error) note += fmt::format(" {}", words("failed", "실패"));
  return fmt::format("**{}**{}\n\n{}\n", inline_text(contestant.name), note,
                     quotation(answer->error ? words(*answer->error) : answer->text));
}

std::string disagreements(const EvaluationView& view, const Words& words, std::size_t most) {
  std::string text;
  std::size_t shown = 0;
  for (const std::size_t index : view.worst_first()) {
    const QuestionOutcome& outcome = view->outcomes[index];
    if (shown++ == most || view.disagreement(outcome) == 0) break;
    text += fmt::format("### {}: {}\n\n", inline_text(outcome.question.id),
                        inline_text(outcome.question.text));
    for (const Contestant& contestant : view->contestants) {
      text += answer_of(view, words, outcome, contestant);
    }
  }
  return text.empty()
             ? ""
             : fmt::format("## {}\n\n{}", words("Worst disagreements", "가장 어긋난 질문"), text);
}

std::string contestants(const EvaluationView& view, const Words& words) {
  std::string text;
  for (const Contestant& contestant : view->contestants) {
    text +=
        fmt::format("- **{}**: {}{}{}\n", inline_text(contestant.name),
                    inline_text(contestant.description), contestant.description.empty() ? "" : "; ",
                    words.format("{} answered, {} refused, {} failed", "답변 {}, 거절 {}, 실패 {}",
                                 contestant.answered, contestant.refused, contestant.failed));
  }
  return text.empty() ? "" : fmt::format("## {}\n\n{}\n", words("Models", "모델"), text);
}

std::string judge(const Evaluation& evaluation, const Words& words) {
  if (!evaluation.judge) return "";
  std::string text;
  for (const auto& [name, value] : judge_lines(*evaluation.judge, words))
    text += fmt::format("- {}: {}\n", inline_text(name), inline_text(value));
  return fmt::format("## {}\n\n{}\n", words("Judge", "심사 모델"), text);
}

std::string provenance(const Evaluation& evaluation, const Words& words) {
  std::string text;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) text += fmt::format("- {}: {}\n", inline_text(name), inline_text(value));
  };
  add(words("Question set", "질문 묶음"), evaluation.set_name + " " + evaluation.set_hash);
  add(words("Library", "라이브러리"), evaluation.library + " " + evaluation.index_hash);
  add(words("Made", "만든 때"), evaluation.created);
  add(words("Machine", "기계"), evaluation.machine);
  add("Saseo", evaluation.saseo_version);
  for (const auto& [metric, signature] : evaluation.signatures) add(metric, signature);
  return fmt::format("## {}\n\n{}", words("Provenance", "출처"), text);
}

}  // namespace

std::string markdown_report(const Evaluation& evaluation, const MarkdownReportOptions& options) {
  const EvaluationView view(evaluation);
  const Words words(options.language);
  std::string text = fmt::format(
      "# {}\n\n", words.format("Evaluation of {}", "{} 평가", inline_text(evaluation.set_name)));
  for (const Verdict& verdict : evaluation.verdicts) {
    text += fmt::format("**{}**: {}\n\n", inline_text(words.language(verdict.language)),
                        inline_text(words.korean() ? verdict.sentence_ko : verdict.sentence_en));
  }
  if (evaluation.draft) {
    text += fmt::format("> {}\n\n", words("The questions are a draft that nobody has looked "
                                          "through: the figures say little.",
                                          "아무도 검토하지 않은 초안 질문입니다. 수치를 믿기 "
                                          "어렵습니다."));
  }
  for (const Message& warning : evaluation.warnings) {
    text += fmt::format("> {}\n\n", inline_text(words(warning)));
  }
  return text + contestants(view, words) + metric_table(view, words) + slice_table(view, words) +
         judge(evaluation, words) + disagreements(view, words, options.max_questions) +
         provenance(evaluation, words);
}

}  // namespace saseo::eval
