#include "cli/terminal/say.h"

#include <atomic>
#include <cstdlib>
#include <string_view>

namespace saseo {
namespace {
std::atomic<Language> language_in_force{Language::kEnglish};
}

Language ui_language() { return language_in_force.load(std::memory_order_relaxed); }

void set_ui_language(Language language) {
  language_in_force.store(language, std::memory_order_relaxed);
}

Language ui_language_of_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view(value).starts_with("ko") ? Language::kKorean : Language::kEnglish;
  }
  return Language::kEnglish;
}

}  // namespace saseo
