#include "eval/report/report_csv.h"

#include <fmt/format.h>

#include <string_view>

#include "base/message.h"
#include "base/utf8.h"
#include "eval/report/view.h"

namespace saseo::eval {
namespace {

std::string quoted_cell(std::string_view text) {
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    if (c != '\0') cell += c;
  }
  return cell + "\"";
}

// OWASP, "CSV Injection": what begins like a formula runs as one when a spreadsheet opens the file.
std::string text_cell(std::string_view text) {
  const std::string repaired = repair_utf8(text);
  const bool like_formula =
      !repaired.empty() && std::string_view("=+-@\t\r\n").find(repaired[0]) != std::string::npos;
  const std::string safe = (like_formula ? "'" : "") + repaired;
  return safe.find_first_of(std::string_view("\",\r\n\0", 5)) == std::string::npos
             ? safe
             : quoted_cell(safe);
}

}  // namespace

std::string csv_report(const Evaluation& evaluation, Language language) {
  std::string csv = "question_id,contestant,language,type,split,question,answer,refused,error";
  for (const MetricDefinition& metric : evaluation.metrics) csv += "," + text_cell(metric.name);
  csv += "\r\n";
  for (const QuestionOutcome& outcome : evaluation.outcomes) {
    const Question& question = outcome.question;
    for (const Contestant& contestant : evaluation.contestants) {
      const RecordedAnswer* answer = EvaluationView::answer(outcome, contestant.name);
      if (answer == nullptr) continue;
      csv += fmt::format("{},{},{},{},{},{},{},{},{}", text_cell(question.id),
                         text_cell(contestant.name), language_code(question.language),
                         text_cell(question.type), text_cell(question.split),
                         text_cell(question.text), text_cell(answer->text), answer->refused ? 1 : 0,
                         text_cell(answer->error.value_or(Message()).in(language)));
      for (const MetricDefinition& metric : evaluation.metrics) {
        const auto value = EvaluationView::value(outcome, contestant.name, metric.name);
        csv += value ? fmt::format(",{}", *value) : ",";
      }
      csv += "\r\n";
    }
  }
  return csv;
}

}  // namespace saseo::eval
