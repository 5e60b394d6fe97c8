// Texts for people, in both languages side by side. Who makes one does not know who reads it:
//
//   message("cannot open {}", "{}을(를) 열 수 없습니다", path)
//
// Whoever shows it takes the text of the reader's language.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace saseo {

enum class Language { kUnknown, kKorean, kEnglish, kOther };

// "ko", "en", "und".
std::string_view language_code(Language language);
// kUnknown when the code is not known.
Language language_of_code(std::string_view code);

// The text of an answer's or prompt's language; Korean for every language but English.
inline std::string_view text_in(Language language, std::string_view english,
                                std::string_view korean) {
  return language == Language::kEnglish ? english : korean;
}

struct Message {
  std::string english, korean;

  Message() = default;
  Message(std::string english_text, std::string korean_text)
      : english(std::move(english_text)), korean(std::move(korean_text)) {}

  // Korean for every language but English.
  const std::string& in(Language language) const {
    return language == Language::kEnglish ? english : korean;
  }
  bool empty() const { return english.empty() && korean.empty(); }
  Message& operator+=(const Message& more) {
    english += more.english;
    korean += more.korean;
    return *this;
  }
  bool operator==(const Message&) const = default;
};

// What reads the same in both languages: a name, a path, the words of another program.
inline Message untranslated(std::string text) { return Message(text, text); }

// How an argument is written in a text of `language`: a message by its own text of that language,
// everything else as it is.
inline const std::string& written_in(Language language, const Message& value) {
  return value.in(language);
}
template <typename T>
const T& written_in(Language, const T& value) {
  return value;
}
template <typename T>
using Written = decltype(written_in(Language::kEnglish, std::declval<const T&>()));

// A text with places for arguments (fmt), checked against them when it is compiled.
template <typename... Args>
using MessageText = fmt::format_string<Written<Args>...>;

template <typename... Args>
Message message(MessageText<Args...> english, MessageText<Args...> korean, const Args&... args) {
  return Message(fmt::format(english, written_in(Language::kEnglish, args)...),
                 fmt::format(korean, written_in(Language::kKorean, args)...));
}

}  // namespace saseo
