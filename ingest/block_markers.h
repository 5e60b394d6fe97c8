// The words and numbers by which manuals mark warnings, captions, list items and steps.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/message.h"

namespace saseo {

// A marker in front of a text, and the text after it. `rest` borrows from the text given.
struct MarkedText {
  std::string marker;
  std::string_view rest;
};

// "경고", "Caution", "[!NOTE]": the word as printed, without brackets, colons and stars ("NOTE"
// of a GitHub alert becomes "Note"); empty when the text is no such word.
std::optional<std::string> warning_word(std::string_view text);

// "경고: 뜨겁습니다." "[주의] ..." "⚠ 경고 - ..." "WARNING! ...". With `bare_word` the word need
// not be set off ("경고 뜨겁습니다."): for text that is known to be a warning.
std::optional<MarkedText> split_warning(std::string_view text, bool bare_word = false);

// The word of a kind of warning ("warning", "caution", "note", "danger", "tip", "important") in
// the language; empty when the kind is none.
std::string_view warning_word_of_kind(std::string_view kind, Language language);

// "표: 이 설명서의 표시", "그림 3. 뒷면", "Table 2-1: Buttons". The marker is the word with its
// number.
std::optional<MarkedText> split_caption(std::string_view text);
// Whether a caption's marker names a figure, not a table.
bool names_figure(std::string_view marker);

enum class EnumeratorKind { kBullet, kNumber };

struct Enumerator {
  EnumeratorKind kind = EnumeratorKind::kBullet;
  std::string marker;     // "•" for every bullet; numbers as printed: "1.", "2)", "③", "가."
  std::string_view rest;  // The text after the marker, without the white space between.
};

// A bullet or step number at the start of a line: "- ", "• ", "1. ", "1) ", "(1) ", "①", "가. ",
// "Step 1: ". "3.2 " and years are none.
std::optional<Enumerator> split_enumerator(std::string_view line);

// Whether a text is Korean enough for Korean marker words and quotes.
bool has_hangul(std::string_view text);

// The marker's number: 3 for "3.", "(3)", "③", "Step 3", "다."; 0 when it has none.
int number_of_marker(std::string_view marker);
// True when `next` is the number after `marker`.
bool step_follows(std::string_view marker, std::string_view next);

}  // namespace saseo
