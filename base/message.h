// Messages to people, in their language. Both versions of a message stand side by side where it is
// made: say("cannot open {}", "{}을(를) 열 수 없습니다", path).
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace saseo {

enum class Language { kUnknown, kKorean, kEnglish, kOther };

// The language of messages: English until set. Set it once, before other threads start.
Language ui_language();
void set_ui_language(Language language);
// From LC_ALL, LC_MESSAGES, LANG in this order: Korean for "ko", else English.
Language ui_language_of_environment();

// "ko", "en", "und".
std::string_view language_code(Language language);
// kUnknown when the code is not known.
Language language_of_code(std::string_view code);

// The text of an answer's or prompt's language; Korean for every language but English.
inline std::string_view text_in(Language language, std::string_view english,
                                std::string_view korean) {
  return language == Language::kEnglish ? english : korean;
}

// Both versions of a message, checked against its arguments when they are compiled.
template <typename... Args>
using MessageText = fmt::format_string<const Args&...>;

// Formats (fmt) the text of the language in force.
template <typename... Args>
std::string say(MessageText<Args...> english, MessageText<Args...> korean, const Args&... args) {
  return fmt::format(ui_language() == Language::kKorean ? korean : english, args...);
}

template <typename... Args>
Error make_error(ErrorCode code, MessageText<Args...> english, MessageText<Args...> korean,
                 const Args&... args) {
  return Error{code, say<Args...>(english, korean, args...)};
}

}  // namespace saseo
