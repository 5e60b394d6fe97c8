#include "retrieval/thesaurus.h"

#include <algorithm>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "index/analyzer.h"
#include "retrieval/word_data.h"

namespace saseo {
namespace {

using Table = std::unordered_map<std::string, std::vector<OtherWord>>;

bool is_latin(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// English words are looked up by their stems, Korean ones by lemmas.
std::string key_of(std::string_view word) {
  return is_latin(word) ? english_stem(word) : std::string(word);
}

class TableMaker {
 public:
  // Words that stand for one another.
  void add_same(std::span<const WordEntry> groups) {
    for (const auto& [words, meaning] : groups) {
      for (const std::string_view word : words) {
        for (const std::string_view other : words) add(word, other, true);
      }
    }
  }
  // The first word asks for the others.
  void add_hints(std::span<const WordEntry> groups) {
    for (const auto& [words, meaning] : groups) {
      for (const std::string_view other : words) add(words.front(), other, false);
    }
  }
  // Not between two words of one language.
  void add_translations(std::span<const WordEntry> groups) {
    for (const auto& [words, meaning] : groups) {
      for (const std::string_view word : words) {
        for (const std::string_view other : words) {
          if (is_latin(word) != is_latin(other)) add(word, other, true, true);
        }
      }
    }
  }
  Table take() { return std::move(table_); }

 private:
  void add(std::string_view word, std::string_view other, bool same, bool translation = false) {
    std::vector<OtherWord>& held = table_[key_of(word)];
    if (other != word && std::ranges::find(held, other, &OtherWord::word) == held.end()) {
      held.push_back({other, same, translation});
    }
  }

  Table table_;
};

Table make_table() {
  TableMaker maker;
  maker.add_same(korean_thesaurus().list("same"));
  maker.add_same(english_thesaurus().list("same"));
  maker.add_hints(korean_thesaurus().list("hints"));
  maker.add_hints(english_thesaurus().list("hints"));
  maker.add_translations(translation_lists().list("translations"));
  return maker.take();
}

}  // namespace

std::vector<OtherWord> other_words_for(std::string_view word) {
  static const Table table = make_table();
  const auto found = table.find(std::string(word));
  return found == table.end() ? std::vector<OtherWord>{} : found->second;
}

std::vector<std::string_view> other_words_for_phrases(std::string_view folded) {
  std::vector<std::string_view> words;
  for (const WordEntry& entry : korean_thesaurus().list("phrases")) {
    if (folded.find(entry.words.front()) != std::string_view::npos) words.push_back(entry.meaning);
  }
  return words;
}

std::vector<std::pair<std::string_view, std::string_view>> english_phrases_in(
    std::string_view folded) {
  const auto is_letter = [&](std::size_t at) {
    return at < folded.size() && folded[at] >= 'a' && folded[at] <= 'z';
  };
  std::vector<std::pair<std::string_view, std::string_view>> found;
  for (const auto& [phrases, words] : english_thesaurus().list("phrases")) {
    const std::string_view phrase = phrases.front();
    const std::size_t at = folded.find(phrase);
    if (at == std::string_view::npos || is_letter(at + phrase.size())) continue;
    if (at == 0 || !is_letter(at - 1)) found.emplace_back(phrase, words);
  }
  return found;
}

bool is_device_word(std::string_view word) {
  static const std::unordered_set<std::string_view> devices =
      korean_thesaurus().word_set("devices");
  return devices.contains(word);
}

}  // namespace saseo
