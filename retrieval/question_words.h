// The words, endings and particles by which Korean and English questions say what they want, apart
// from what they are about.
#pragma once

#include <string>
#include <string_view>

#include "retrieval/quantities.h"

namespace saseo {

// Several may hold at once: "화면이 안 눌려요. 어떻게 해요?" is trouble and how-to.
struct QuestionKinds {
  bool how_to = false;
  bool quantity = false;
  bool yes_no = false;
  bool trouble = false;
};

// "어떻게", "해 주세요", "그럼", "the": says how one asks, not what about. `word` is case-folded.
bool is_asking_word(std::string_view word);

// "은", "라고", "예요": what may follow a Latin word, a number with its unit or a noun.
bool is_ending(std::string_view text);
// "청소기가" -> "청소기": the longest ending off.
std::string_view without_ending(std::string_view word);
// "멈췄다는데", "버벅거려요": no noun ends so.
bool ends_like_verb(std::string_view word);
// "화면이", "지도도", "무슨 종류예요": what is asked about.
bool ends_with_topic_particle(std::string_view word);
// "충전하려면", "잠글 수", "닦는 방법", "켜고 싶어요": the word says what the asker wants to do.
// `rest` is what follows it.
bool is_goal(std::u32string_view word, std::u32string_view rest);

// "소리가 먹먹해요", "What is ...", anything with a question mark: someone speaks; else words as in
// a heading or a search box.
bool is_spoken(std::string_view folded);

// `folded` is the case-folded question.
QuestionKinds kinds_of(std::string_view folded, const AskedQuantity& asked);
// What a manual's table calls a quantity of the unit, in Korean; empty when there is no one word.
std::string_view measured_by(Unit unit);
// "50도" as a manual may write it: "50 °c 온도".
std::string as_manuals_write(const Quantity& quantity, std::string_view said);

}  // namespace saseo
