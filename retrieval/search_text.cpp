#include "retrieval/search_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace saseo {
namespace {

// Each word once: what many subjects ask for does not outweigh the rest.
void add_new_words(std::string& text, std::vector<std::string>& added, std::string_view words) {
  while (!words.empty()) {
    const std::size_t space = words.find(' ');
    const std::string word(words.substr(0, space));
    if (!word.empty() && std::ranges::find(added, word) == added.end()) {
      text += ' ';
      text += word;
      added.push_back(word);
    }
    if (space == std::string_view::npos) return;
    words.remove_prefix(space + 1);
  }
}

// So often an English subject is said, and the other words for one that the library never says.
constexpr int kEnglishTimes = 5;

}  // namespace

std::string asked_text(const ParsedQuestion& question) {
  if (question.language != Language::kEnglish || !question.asks) return question.text;
  std::string text;
  for (const Subject& subject : question.subjects) {
    if (!text.empty()) text += ' ';
    text += subject.word;
  }
  return text.empty() ? question.text : text;
}

std::string search_text(const ParsedQuestion& question) {
  const bool english = question.language == Language::kEnglish;
  std::string text = asked_text(question);
  // Of English words there are more others: they shall outweigh no word that the library says.
  const std::string asked = text;
  for (int times = 1; english && times < kEnglishTimes; ++times) text += ' ' + asked;
  std::vector<std::string> added;
  for (const Subject& subject : question.subjects) {
    std::string_view word = subject.word;
    for (const std::string& stem : subject.stems) {
      if (subject.verb && stem.ends_with("다")) word = stem;
    }
    add_new_words(text, added, word);
  }
  for (const Subject& subject : question.subjects) {
    for (const SubjectWord& other : subject.others) {
      // Words that are looked for are a manual's own.
      if (english && !question.asks && !other.translation) continue;
      add_new_words(text, added, other.word);
      for (int times = 1; english && !subject.named && times < kEnglishTimes; ++times)
        text += ' ' + other.word;
      if (other.same) text += ' ' + other.word;  // As often as the subject itself.
    }
  }
  for (const std::string& words : question.phrase_words) add_new_words(text, added, words);
  return text;
}

}  // namespace saseo
