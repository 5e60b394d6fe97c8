#include "base/message.h"

#include <atomic>
#include <cstdlib>

namespace saseo {
namespace {
std::atomic<Language> current_language{Language::kEnglish};
}

Language ui_language() { return current_language.load(std::memory_order_relaxed); }

void set_ui_language(Language language) {
  current_language.store(language, std::memory_order_relaxed);
}

Language ui_language_of_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view(value).starts_with("ko") ? Language::kKorean : Language::kEnglish;
  }
  return Language::kEnglish;
}

std::string_view language_code(Language language) {
  switch (language) {
    case Language::kKorean:
      return "ko";
    case Language::kEnglish:
      return "en";
    case Language::kUnknown:
    case Language::kOther:
      break;
  }
  return "und";
}

Language language_of_code(std::string_view code) {
  if (code.starts_with("ko")) return Language::kKorean;
  if (code.starts_with("en")) return Language::kEnglish;
  return Language::kUnknown;
}

}  // namespace saseo
