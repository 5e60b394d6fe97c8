// The filters above the questions, and what the script filters and sorts by.
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "eval/report/markup.h"
#include "eval/report/sections.h"

namespace saseo::eval {
namespace {

std::string option(std::string_view value, std::string_view text) {
  return fmt::format("<option value=\"{}\">{}</option>", escape(value), escape(text));
}

std::string select(std::string_view id, std::string_view label, const std::string& options) {
  return fmt::format("<label>{}<select id=\"{}\">{}</select></label>", label, id, options);
}

bool is_filter_metric(const MetricDefinition& metric) { return metric.group != MetricGroup::kCost; }

}  // namespace

std::string filter_form(const EvaluationView& view, const Words& words) {
  std::set<std::string> languages, types;
  for (const QuestionOutcome& outcome : view->outcomes) {
    languages.emplace(language_code(outcome.question.language));
    types.insert(outcome.question.type);
  }
  const std::string any = fmt::format("<option value=\"*\">{}</option>", words("All", "모두"));
  std::string language_options = any, type_options = any, contestant_options = any, metric_options;
  for (const std::string& code : languages) language_options += option(code, words.language(code));
  for (const std::string& type : types) type_options += option(type, words.type(type));
  for (std::size_t i = 0; i < view->contestants.size(); ++i) {
    contestant_options += option(fmt::to_string(i), view->contestants[i].name);
  }
  std::size_t metric_number = 0;
  for (const MetricDefinition& metric : view->metrics) {
    if (!is_filter_metric(metric)) continue;
    metric_options += fmt::format("<option value=\"{}\"{}>{}</option>", metric_number++,
                                  &metric == view.leading() ? " selected=\"selected\"" : "",
                                  escape(words.label(metric)));
  }
  std::string html = fmt::format(
      "<form id=\"filters\" class=\"filters\" hidden=\"hidden\" aria-label=\"{}\">"
      "<label class=\"search\">{}<input type=\"search\" id=\"search\" "
      "autocomplete=\"off\"/></label>",
      words("Filter the questions", "질문 거르기"), words("Search", "찾기"));
  html +=
      select("language", words("Language", "언어"), language_options) +
      select("type", words("Type", "유형"), type_options) +
      select("contestant", words("Model", "모델"), contestant_options) +
      select("outcome", words("Outcome", "결과"),
             any + option("won", words("won", "이김")) + option("lost", words("lost", "짐")) +
                 option("tied", words("tied", "비김")) +
                 option("refused", words("refused", "거절")) +
                 option("failed", words("failed", "실패"))) +
      (metric_options.empty() ? "" : select("metric", words("By metric", "지표"), metric_options)) +
      select("order", words("Order", "순서"),
             option("worst", words("worst disagreement", "가장 어긋난 것부터")) +
                 option("lowest", words("lowest value", "가장 낮은 것부터")) +
                 option("set", words("as in the set", "질문 묶음 순서")));
  return html + fmt::format(
                    "<button type=\"reset\">{}</button><output id=\"shown\" aria-live="
                    "\"polite\" data-text=\"{}\"></output></form>",
                    words("Reset", "처음대로"),
                    words("{shown} of {all} questions", "질문 {all}개 중 {shown}개"));
}

std::string filter_data(const EvaluationView& view) {
  nlohmann::json up = nlohmann::json::array(), questions = nlohmann::json::array();
  for (const MetricDefinition& metric : view->metrics) {
    if (is_filter_metric(metric)) up.push_back(metric.higher_is_better);
  }
  for (const QuestionOutcome& outcome : view->outcomes) {
    nlohmann::json values = nlohmann::json::array(), refused = nlohmann::json::array(),
                   failed = nlohmann::json::array();
    for (std::size_t i = 0; i < view->contestants.size(); ++i) {
      const std::string& name = view->contestants[i].name;
      nlohmann::json of_contestant = nlohmann::json::array();
      for (const MetricDefinition& metric : view->metrics) {
        if (!is_filter_metric(metric)) continue;
        const auto value = EvaluationView::value(outcome, name, metric.name);
        of_contestant.push_back(value ? nlohmann::json(std::round(*value * 1e4) / 1e4)
                                      : nlohmann::json(nullptr));
      }
      values.push_back(std::move(of_contestant));
      const RecordedAnswer* answer = EvaluationView::answer(outcome, name);
      if (answer != nullptr && answer->refused) refused.push_back(i);
      if (answer != nullptr && answer->error) failed.push_back(i);
    }
    questions.push_back({{"language", language_code(outcome.question.language)},
                         {"type", visible_text(outcome.question.type)},
                         {"values", std::move(values)},
                         {"refused", std::move(refused)},
                         {"failed", std::move(failed)}});
  }
  return script_json({{"up", std::move(up)}, {"questions", std::move(questions)}});
}

}  // namespace saseo::eval
