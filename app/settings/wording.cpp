#include "app/settings/wording.h"

#include <cctype>

namespace saseo::app {

// A message that is a fragment takes the advice behind a semicolon, one of whole sentences as the
// next sentence. Korean goes on in sentences either way.
std::string Wording::tell(const Message& message, std::span<const Advice> given) const {
  std::string text = message.in(language);
  if (given.empty() || advice == nullptr) return text;
  const bool in_sentences = text.ends_with('.') || text.ends_with('?');
  if (language == Language::kEnglish) {
    std::string clauses;
    for (const Advice& one : given)
      clauses += (clauses.empty() ? "" : ", or ") + advice(one).english;
    if (!in_sentences) return text + "; " + clauses;
    clauses.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(clauses.front())));
    return text + " " + clauses + ".";
  }
  bool first = true;
  for (const Advice& one : given) {
    text += (first && in_sentences ? " " : ". ") + std::string(first ? "" : "또는 ");
    text += advice(one).korean;
    first = false;
  }
  return in_sentences ? text + "." : text;
}

std::vector<std::string> Wording::tell(std::span<const Notice> notices) const {
  std::vector<std::string> texts;
  for (const Notice& notice : notices) texts.push_back(tell(notice));
  return texts;
}

}  // namespace saseo::app
