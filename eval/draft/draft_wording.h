// How a draft words its questions without a model: patterns, in Korean and English, around the
// manual's own words. A person words them better; they are a beginning.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/message.h"

namespace saseo::eval {

// Patterns are Korean for kKorean and English for all others.

// "네트워크 초기화는 어떻게 하나요?", "How do I replace the battery?": of a section's headings.
std::string how_to_question(Language language, const std::vector<std::string>& path);

// The heading tells of trouble: "전원이 켜지지 않아요", "연결에 실패할 때", "The TV doesn't turn
// on".
bool tells_trouble(Language language, const std::vector<std::string>& path);
std::string trouble_question(Language language, std::string_view heading);

// Of a row of a table of errors. `told`: the device says the words of `symptom`.
std::string symptom_question(Language language, std::string_view symptom, bool told);
bool is_error_code(std::string_view text);  // "E-21", "F04"

// A cell of a table: in the table `about` (its caption or heading), `column` of `row` is `value`.
// `column` empty: the row names what is told of `about` (무게: 3.9 kg).
struct LookUp {
  std::string about, row, column, value;
};
std::string look_up_question(Language language, const LookUp& cell);
std::string look_up_answer(Language language, const LookUp& cell);

// A sentence that says that something can or cannot be done, as a question and its answer.
struct YesNo {
  std::string question, answer;
  bool yes = false;
};
std::optional<YesNo> yes_no_question(Language language, std::string_view sentence);

// Without a last part in brackets: "성능(마루 기준)" -> "성능".
std::string_view without_brackets(std::string_view text);

}  // namespace saseo::eval
