// A question a line, one JSON object each:
//
//   {"id": "phone-005", "question": "...", "answer": "...", "facts": [["8 mm", "8mm"]],
//    "gold": [{"section": "Charging > Wireless", "page": 22}]}
#include <algorithm>

#include "base/utf8.h"
#include "eval/questions/gold_fields.h"
#include "eval/questions/json_fields.h"
#include "eval/questions/question_formats.h"

namespace saseo::eval {
namespace {

using Json = nlohmann::json;

void add_unique(std::vector<std::string>& texts, std::string text) {
  if (collapse_spaces(text).empty()) return;
  if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
}

std::vector<std::vector<std::string>> read_facts(JsonFields& fields) {
  std::vector<std::vector<std::string>> facts;
  const Json* value = fields.get("facts");
  if (value == nullptr) return facts;
  if (!value->is_array()) {
    fields.expect("facts", "an array", "배열", *value);
    return facts;
  }
  for (std::size_t i = 0; i < value->size(); ++i) {
    const std::string name = fmt::format("facts[{}]", i);
    const Json& fact = (*value)[i];
    std::vector<std::string> spellings;
    const Json alone = fact.is_string() ? Json::array({fact}) : Json();
    const Json& list = fact.is_string() ? alone : fact;
    if (!list.is_array() || !std::ranges::all_of(list, &Json::is_string)) {
      fields.expect(name, "text or an array of accepted spellings", "글이나 맞는 표기의 배열",
                    list.is_array() ? *std::ranges::find_if_not(list, &Json::is_string) : list);
      continue;
    }
    for (const Json& spelling : list) {
      add_unique(spellings, checked_text(spelling.get_ref<const std::string&>(),
                                         fields.place_of(name), fields.faults()));
    }
    if (spellings.empty()) {
      fields.fault(name, "is empty; expected one accepted spelling or more",
                   "비어 있습니다. 맞는 표기를 하나 이상 적으세요");
      continue;
    }
    facts.push_back(std::move(spellings));
  }
  return facts;
}

std::vector<EarlierTurn> read_history(JsonFields& fields) {
  std::vector<EarlierTurn> history;
  const Json* value = fields.get("history");
  if (value == nullptr) return history;
  if (!value->is_array()) {
    fields.expect("history", "an array of earlier questions", "앞선 질문의 배열", *value);
    return history;
  }
  for (std::size_t i = 0; i < value->size(); ++i) {
    const std::string name = fmt::format("history[{}]", i);
    const Json& turn = (*value)[i];
    if (turn.is_string()) {
      history.push_back(
          {checked_text(turn.get_ref<const std::string&>(), fields.place_of(name), fields.faults()),
           ""});
    } else if (turn.is_object()) {
      JsonFields inner = fields.inside(turn, name);
      EarlierTurn earlier;
      earlier.question = inner.required_text("question");
      earlier.answer = inner.text("answer");
      history.push_back(std::move(earlier));
    } else {
      fields.expect(name, "text or an object with \"question\"", "글이나 \"question\"이 있는 객체",
                    turn);
    }
  }
  return history;
}

void read_question(const Json& object, const Message& place, SetBuilder& builder) {
  JsonFields fields(object, place, builder.faults());
  Question question;
  QuestionOrigin origin{.place = place};
  question.id = fields.id("id");
  question.text = fields.required_text("question");
  question.language = language_named(fields.text("language"));
  question.type = fields.text("type");
  question.split = fields.text("split");
  question.product = fields.text("product");
  question.history = read_history(fields);
  for (const char* name : {"answer", "answers", "references"}) {
    for (std::string& text : fields.texts(name)) add_unique(question.references, std::move(text));
  }
  question.facts = read_facts(fields);
  question.gold = read_places(fields, "gold",
                              [&](const std::string& name) { builder.note_unknown(name, place); });
  question.unanswerable = fields.flag("unanswerable").value_or(question.type == "unanswerable");
  if (fields.get("follows") != nullptr) origin.follows = fields.id("follows");
  origin.reviewed = fields.flag("reviewed").value_or(true);
  fields.ignore({"lead", "absent", "comment"});
  for (const std::string& name : fields.unknown()) builder.note_unknown(name, place);
  builder.add(std::move(question), std::move(origin));
}

}  // namespace

void read_json_lines(std::string_view text, SetBuilder& builder) {
  for_each_line(text, builder.faults(), [&](std::string_view line, std::size_t number) {
    const Message place = place_of_line(number);
    const auto json = parse_json(line, place, builder.faults());
    if (!json) return;
    if (!json->is_object()) {
      builder.faults().add(place, "expected an object {{...}} a line, found {}",
                           "한 행에 객체 {{...}} 하나가 있어야 하는데 {}입니다", describe(*json));
      return;
    }
    read_question(*json, place, builder);
  });
}

}  // namespace saseo::eval
