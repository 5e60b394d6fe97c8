// Everyday words for what manuals call otherwise: a person asks about 유심, 와이파이, 껌벅거리다;
// the manual writes SIM 카드, Wi-Fi, 깜박이다. Korean loanwords written in Hangul or Latin letters,
// short forms, everyday verbs and complaints, English ones, and the same
// words in the other language; words of any device, of no particular manual.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saseo {

struct OtherWord {
  std::string_view word;     // Or a few words with spaces between.
  bool same = false;         // Stands for it; else only hints at where it is told of.
  bool translation = false;  // In the other language.
};

// Words by which a manual may say `word` (case-folded; a stem of English, a lemma of Korean); empty
// when the thesaurus does not hold it.
std::vector<OtherWord> other_words_for(std::string_view word);

// The same for phrases anywhere in the question ("안 먹", "새 나가"); `folded` is case-folded.
std::vector<std::string_view> other_words_for_phrases(std::string_view folded);

// Whole English phrases of the question ("battery life"), each with the words, separated by spaces,
// by which manuals tell of it.
std::vector<std::pair<std::string_view, std::string_view>> english_phrases_in(
    std::string_view folded);

// "폰", "청소기", "TV": names the kind of device. It tells which manual is meant, and next to
// nothing about where in that manual the answer stands.
bool is_device_word(std::string_view word);

}  // namespace saseo
