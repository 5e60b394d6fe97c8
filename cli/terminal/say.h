// The language of this process: one terminal, one person, one language. Libraries know none; their
// messages hold both texts (base/message.h).
#pragma once

#include <string>

#include "base/message.h"

namespace saseo {

// English until set. Set it once, before other threads start.
Language ui_language();
void set_ui_language(Language language);
// From LC_ALL, LC_MESSAGES, LANG in this order: Korean for "ko", else English.
Language ui_language_of_environment();

// Formats (fmt) the text of the language in force.
template <typename... Args>
std::string say(MessageText<Args...> english, MessageText<Args...> korean, const Args&... args) {
  const Language language = ui_language();
  return fmt::format(language == Language::kKorean ? korean : english,
                     written_in(language, args)...);
}

// The message's text of the language in force.
inline const std::string& say(const Message& text) { return text.in(ui_language()); }

}  // namespace saseo
