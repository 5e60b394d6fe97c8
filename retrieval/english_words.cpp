#include "retrieval/english_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "index/analyzer.h"
#include "retrieval/word_data.h"

namespace saseo {
bool is_english_asking_word(std::string_view word) {
  static const auto words = english_word_lists().word_set("asking words");
  return words.contains(word);
}

bool is_vague_english_word(std::string_view stem) {
  static const std::unordered_set<std::string> stems = [] {
    std::unordered_set<std::string> set;
    for (const std::string_view word : english_word_lists().words("vague words"))
      set.insert(english_stem(word));
    return set;
  }();
  return stems.contains(std::string(stem));
}

std::string_view base_of_irregular(std::string_view word) {
  static const std::unordered_map<std::string_view, std::string_view> bases = [] {
    std::unordered_map<std::string_view, std::string_view> map;
    for (const WordEntry& form : english_word_lists().list("irregular forms"))
      map.emplace(form.words.front(), form.meaning);
    return map;
  }();
  const auto found = bases.find(word);
  return found == bases.end() ? std::string_view() : found->second;
}

bool speaks_of_self(std::string_view folded) {
  static const auto words = english_word_lists().word_set("self words");
  for (std::size_t begin = 0; begin < folded.size();) {
    const std::size_t end = std::min(folded.find_first_of(" ,.;:!?", begin), folded.size());
    if (words.contains(folded.substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

bool leads_to_goal(std::string_view before_last, std::string_view last) {
  if (last == "to") return true;
  static constexpr auto kAskers = std::to_array<std::string_view>({"i", "you", "we", "one"});
  static constexpr auto kAuxiliaries = std::to_array<std::string_view>(
      {"do", "can", "could", "should", "may", "must", "would", "did"});
  return std::ranges::find(kAskers, last) != kAskers.end() &&
         std::ranges::find(kAuxiliaries, before_last) != kAuxiliaries.end();
}

}  // namespace saseo
