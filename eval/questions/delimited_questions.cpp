// A question a row, under a row of column names. In a cell "||" stands between several references,
// facts, turns or places, and "|" between the spellings of a fact.
#include <algorithm>
#include <charconv>
#include <optional>

#include "base/utf8.h"
#include "eval/questions/delimited_text.h"
#include "eval/questions/places_in_cells.h"
#include "eval/questions/question_formats.h"

namespace saseo::eval {
namespace {

const std::vector<std::vector<std::string>>& question_columns() {
  static const std::vector<std::vector<std::string>> columns = {
      {"id", "번호"},
      {"question", "질문"},
      {"answer", "answers", "references", "reference", "답", "답변", "정답"},
      {"facts", "fact", "사실", "핵심"},
      {"type", "유형"},
      {"split", "구분"},
      {"language", "언어"},
      {"product", "제품"},
      {"document", "문서", "설명서"},
      {"section", "절", "목차"},
      {"page", "pages", "쪽", "페이지"},
      {"history", "앞선 질문"},
      {"follows", "앞 번호"},
      {"unanswerable", "답 없음"},
      {"reviewed", "검토"},
      {"comment", "비고"}};
  return columns;
}

std::vector<std::string> parts_of(std::string_view cell) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= cell.size();) {
    const std::size_t end = std::min(cell.find("||", at), cell.size());
    const std::string_view part = trim(cell.substr(at, end - at));
    if (!part.empty()) parts.emplace_back(part);
    at = end + 2;
  }
  return parts;
}

// "" is nothing said.
std::optional<bool> read_flag(const std::string& cell, const Message& place, Faults& faults) {
  const std::string folded = fold_for_matching(cell);
  for (const std::string_view yes : {"true", "yes", "y", "1", "o", "예"}) {
    if (folded == yes) return true;
  }
  for (const std::string_view no : {"false", "no", "n", "0", "x", "아니오", "아니요"}) {
    if (folded == no) return false;
  }
  if (!folded.empty()) {
    faults.add(place, "expected true or false, found \"{}\"", "true나 false가 아니라 \"{}\"입니다",
               clipped(cell));
  }
  return std::nullopt;
}

}  // namespace

void read_delimited(std::string_view text, char separator, SetBuilder& builder) {
  Faults& faults = builder.faults();
  const DelimitedTable table(text, separator, question_columns(), faults);
  if (!table.has("question")) {
    if (!table.rows().empty()) {
      faults.add(place_of_line(1), "expected a column \"question\" among the names in this line",
                 "이 행의 열 이름에 \"question\"(또는 \"질문\")이 있어야 합니다");
    }
    return;
  }
  for (const std::string& column : table.unknown_columns()) {
    builder.note_unknown(column, place_of_line(1));
  }
  const bool numbered = !table.has("id");
  if (numbered) {
    builder.note(message("there is no column \"id\"; questions are numbered in their order",
                         "\"id\" 열이 없어 차례대로 번호를 붙였습니다"));
  }
  std::size_t number = 0;
  for (const DelimitedRow& row : table.rows()) {
    const auto cell = [&](std::string_view column) { return table.cell(row, column); };
    const Message place = place_of_line(row.line);
    Question question;
    QuestionOrigin origin{.place = place};
    question.id = numbered ? std::to_string(++number) : cell("id");
    question.text = cell("question");
    for (const auto& [name, value] :
         {std::pair("id", &question.id), {"question", &question.text}}) {
      if (value->empty()) {
        faults.add(place_of_field(place, name), "is blank; expected text",
                   "비어 있습니다. 글을 적으세요");
      }
    }
    question.language = language_named(cell("language"));
    question.type = cell("type");
    question.split = cell("split");
    question.product = cell("product");
    question.references = parts_of(cell("answer"));
    for (const std::string& fact : parts_of(cell("facts"))) {
      std::vector<std::string> spellings = split_on(fact, "|");
      std::erase(spellings, "");
      if (!spellings.empty()) question.facts.push_back(std::move(spellings));
    }
    question.gold = places_in_cells(cell("document"), cell("section"), cell("page"), place, faults);
    for (std::string& turn : parts_of(cell("history"))) {
      question.history.push_back({std::move(turn), ""});
    }
    origin.follows = cell("follows");
    question.unanswerable =
        read_flag(cell("unanswerable"), place_of_field(place, "unanswerable"), faults)
            .value_or(question.type == "unanswerable");
    origin.reviewed =
        read_flag(cell("reviewed"), place_of_field(place, "reviewed"), faults).value_or(true);
    builder.add(std::move(question), std::move(origin));
  }
}

}  // namespace saseo::eval
