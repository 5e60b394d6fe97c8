#include "generation/search_text.h"

#include <string_view>

namespace saseo {
namespace {

void add(std::string& text, std::string_view words) {
  if (words.empty()) return;
  if (!text.empty()) text.push_back(' ');
  text += words;
}

}  // namespace

std::string search_text(const ParsedQuestion& question) {
  std::string text = question.text;
  for (const Subject& subject : question.subjects) {
    std::string_view word = subject.word;
    for (const std::string& stem : subject.stems) {
      if (subject.verb && stem.ends_with("다")) word = stem;
    }
    add(text, word);
  }
  for (const Subject& subject : question.subjects) {
    for (const std::string& other : subject.other_words) add(text, other);
  }
  for (const std::string& words : question.phrase_words) add(text, words);
  return text;
}

}  // namespace saseo
