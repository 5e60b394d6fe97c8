#include "base/message.h"

namespace saseo {

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
