#include "eval/run/foreign_answers.h"

#include <cmath>
#include <cstdlib>
#include <map>

#include "base/files.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "eval/questions/delimited_text.h"
#include "eval/questions/gold_fields.h"
#include "eval/questions/places_in_cells.h"
#include "eval/questions/question_formats.h"

namespace saseo::eval {
namespace {

using Json = nlohmann::json;

const std::vector<std::vector<std::string>>& answer_columns() {
  static const std::vector<std::vector<std::string>> columns = {
      {"id", "번호"},
      {"answer", "답", "답변"},
      {"document", "문서", "설명서"},
      {"section", "절", "목차"},
      {"page", "pages", "쪽", "페이지"},
      {"seconds", "초"},
      {"model", "모델"},
      {"question", "질문"},  // May stand there for people.
      {"comment", "비고"}};
  return columns;
}

class AnswerReader {
 public:
  Result<ForeignAnswers> read(const std::string& bytes, const std::filesystem::path& path) {
    SASEO_ASSIGN_OR_RETURN(const SetText text, decode_set(bytes, path));
    const std::string ending = fold_for_matching(path.extension().string());
    const bool object = trim(std::string_view(text.text).substr(0, 4096)).starts_with("{");
    if (ending == ".csv" || ending == ".tsv" || (!object && ending != ".jsonl")) {
      read_rows(text.text, ending == ".tsv" ? '\t' : separator_of(text.text));
    } else {
      read_lines(text.text);
    }
    if (!faults_.empty()) return faults_.as_error(path.string());
    if (read_.answers.empty()) {
      return make_error(
          ErrorCode::kBadInput, "{}: no answer in it; see docs/question-sets.md for what is read",
          "{}: 답이 없습니다. 읽을 수 있는 형식은 docs/question-sets.md를 보세요", path.string());
    }
    read_.hash = content_hash(bytes);
    return std::move(read_);
  }

 private:
  void add(ForeignAnswer answer, const Message& place) {
    const auto key = std::pair(answer.question_id, answer.model);
    const auto [other, is_new] = places_.emplace(key, place);
    if (!is_new) {
      faults_.add(place_of_field(place, "id"),
                  "\"{}\" is answered at {}, too; leave one answer a model",
                  "\"{}\"의 답은 {}에도 있습니다. 모델마다 하나만 남기세요",
                  clipped(answer.question_id), other->second);
      return;
    }
    if (answer.seconds && *answer.seconds < 0) {
      faults_.add(place_of_field(place, "seconds"), "expected 0 or more, found {}",
                  "0 이상이어야 하는데 {}입니다", *answer.seconds);
    }
    read_.answers.push_back(std::move(answer));
  }

  void note_unknown(const std::string& name, const Message& place) {
    if (!unknown_.insert(name).second || unknown_.size() > 30) return;
    read_.notes.push_back(message("\"{}\" ({}) is no field of an answer; passed over",
                                  "\"{}\"({})은(는) 답의 항목이 아니어서 읽지 않았습니다",
                                  clipped(name), place));
  }

  void read_lines(std::string_view text) {
    for_each_line(text, faults_, [&](std::string_view line, std::size_t number) {
      const Message place = place_of_line(number);
      const auto json = parse_json(line, place, faults_);
      if (!json) return;
      if (!json->is_object()) {
        faults_.add(place, "expected an object {{...}} a line, found {}",
                    "한 행에 객체 {{...}} 하나가 있어야 하는데 {}입니다", describe(*json));
        return;
      }
      JsonFields fields(*json, place, faults_);
      const auto on_unknown = [&](const std::string& name) { note_unknown(name, place); };
      ForeignAnswer answer;
      answer.question_id = fields.id("id");
      answer.text = fields.text("answer");
      if (fields.get("answer") == nullptr) {
        fields.fault("answer", "is missing; \"\" where nothing was answered",
                     "없습니다. 답하지 않았으면 \"\"로 적으세요");
      }
      answer.told_citations = fields.get("citations") != nullptr;
      answer.citations = read_places(fields, "citations", on_unknown);
      answer.seconds = fields.number("seconds");
      answer.model = fields.text("model");
      answer.refused = fields.flag("refused");
      fields.ignore({"question", "comment"});
      for (const std::string& name : fields.unknown()) on_unknown(name);
      add(std::move(answer), place);
    });
  }

  void read_rows(std::string_view text, char separator) {
    const DelimitedTable table(text, separator, answer_columns(), faults_);
    for (const char* column : {"id", "answer"}) {
      if (table.has(column)) continue;
      faults_.add(place_of_line(1), "expected a column \"{}\" among the names in this line",
                  "이 행의 열 이름에 \"{}\"이(가) 있어야 합니다", std::string(column));
    }
    if (!faults_.empty()) return;
    for (const std::string& column : table.unknown_columns()) {
      note_unknown(column, place_of_line(1));
    }
    for (const DelimitedRow& row : table.rows()) {
      const auto cell = [&](std::string_view column) { return table.cell(row, column); };
      const Message place = place_of_line(row.line);
      ForeignAnswer answer;
      answer.question_id = cell("id");
      if (answer.question_id.empty()) {
        faults_.add(place_of_field(place, "id"), "is blank; expected text",
                    "비어 있습니다. 글을 적으세요");
      }
      answer.text = cell("answer");
      answer.told_citations = table.has("document") || table.has("section") || table.has("page");
      answer.citations =
          places_in_cells(cell("document"), cell("section"), cell("page"), place, faults_);
      answer.model = cell("model");
      if (const std::string seconds = cell("seconds"); !seconds.empty()) {
        char* end = nullptr;
        const double value = std::strtod(seconds.c_str(), &end);
        if (*end != '\0' || !std::isfinite(value)) {
          faults_.add(place_of_field(place, "seconds"), "expected a number, found \"{}\"",
                      "숫자가 아니라 \"{}\"입니다", clipped(seconds));
        } else {
          answer.seconds = value;
        }
      }
      add(std::move(answer), place);
    }
  }

  Faults faults_;
  ForeignAnswers read_;
  std::map<std::pair<std::string, std::string>, Message> places_;  // Of id and model.
  std::set<std::string> unknown_;
};

}  // namespace

Result<ForeignAnswers> read_foreign_answers(const std::filesystem::path& path) {
  SASEO_ASSIGN_OR_RETURN(const std::string bytes, read_file(path, kMaxSetBytes));
  return AnswerReader().read(bytes, path);
}

Result<std::vector<ForeignAnswer>> read_answers(const std::filesystem::path& path) {
  SASEO_ASSIGN_OR_RETURN(ForeignAnswers read, read_foreign_answers(path));
  return std::move(read.answers);
}

}  // namespace saseo::eval
