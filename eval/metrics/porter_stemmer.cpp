#include "eval/metrics/porter_stemmer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace saseo::eval {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kIrregular = {{
    {"sky", "sky"},
    {"skies", "sky"},
    {"dying", "die"},
    {"lying", "lie"},
    {"tying", "tie"},
    {"news", "news"},
    {"innings", "inning"},
    {"inning", "inning"},
    {"outings", "outing"},
    {"outing", "outing"},
    {"cannings", "canning"},
    {"canning", "canning"},
    {"howe", "howe"},
    {"proceed", "proceed"},
    {"exceed", "exceed"},
    {"succeed", "succeed"},
}};

// An ending and what stands for it.
struct Rule {
  std::string_view ending, replacement;
};

constexpr std::array kStep2 = {
    Rule{"ational", "ate"}, Rule{"tional", "tion"}, Rule{"enci", "ence"},   Rule{"anci", "ance"},
    Rule{"izer", "ize"},    Rule{"bli", "ble"},     Rule{"alli", "al"},     Rule{"entli", "ent"},
    Rule{"eli", "e"},       Rule{"ousli", "ous"},   Rule{"ization", "ize"}, Rule{"ation", "ate"},
    Rule{"ator", "ate"},    Rule{"alism", "al"},    Rule{"iveness", "ive"}, Rule{"fulness", "ful"},
    Rule{"ousness", "ous"}, Rule{"aliti", "al"},    Rule{"iviti", "ive"},   Rule{"biliti", "ble"},
    Rule{"fulli", "ful"}};
constexpr std::array kStep3 = {Rule{"icate", "ic"}, Rule{"ative", ""},  Rule{"alize", "al"},
                               Rule{"iciti", "ic"}, Rule{"ical", "ic"}, Rule{"ful", ""},
                               Rule{"ness", ""}};
constexpr std::array kStep4 = {
    Rule{"al", ""},   Rule{"ance", ""}, Rule{"ence", ""}, Rule{"er", ""},    Rule{"ic", ""},
    Rule{"able", ""}, Rule{"ible", ""}, Rule{"ant", ""},  Rule{"ement", ""}, Rule{"ment", ""},
    Rule{"ent", ""},  Rule{"ion", ""},  Rule{"ou", ""},   Rule{"ism", ""},   Rule{"ate", ""},
    Rule{"iti", ""},  Rule{"ous", ""},  Rule{"ive", ""},  Rule{"ize", ""}};

bool is_plain_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

// 'c' or 'v' for each letter: y is a vowel after a consonant.
std::string sounds_of(std::string_view word) {
  std::string sounds;
  for (const char c : word) {
    const bool vowel = is_plain_vowel(c) || (c == 'y' && !sounds.empty() && sounds.back() == 'c');
    sounds.push_back(vowel ? 'v' : 'c');
  }
  return sounds;
}

// m in the paper: how often a vowel is followed by a consonant.
std::size_t measure(std::string_view word) {
  const std::string sounds = sounds_of(word);
  std::size_t m = 0;
  for (std::size_t i = 1; i < sounds.size(); ++i) m += sounds[i - 1] == 'v' && sounds[i] == 'c';
  return m;
}

bool has_vowel(std::string_view word) { return sounds_of(word).find('v') != std::string::npos; }

bool ends_in_double_consonant(std::string_view word) {
  return word.size() >= 2 && word.back() == word[word.size() - 2] && sounds_of(word).back() == 'c';
}

// *o in the paper.
bool ends_short(std::string_view word) {
  const std::string sounds = sounds_of(word);
  if (word.size() == 2) return sounds == "vc";
  return word.size() >= 3 && sounds.ends_with("cvc") && word.back() != 'w' && word.back() != 'x' &&
         word.back() != 'y';
}

std::string_view without(std::string_view word, std::size_t letters) {
  return word.substr(0, word.size() - letters);
}

void replace_ending(std::string& word, std::size_t letters, std::string_view replacement) {
  word.resize(word.size() - letters);
  word.append(replacement);
}

// The first rule whose ending the word has decides, applied or not.
void apply_first(std::string& word, std::span<const Rule> rules, std::size_t above_measure) {
  for (const auto& [ending, replacement] : rules) {
    if (!word.ends_with(ending)) continue;
    const std::string_view stem = without(word, ending.size());
    const bool after_s_or_t = stem.ends_with('s') || stem.ends_with('t');
    if (measure(stem) > above_measure && (ending != "ion" || after_s_or_t))
      replace_ending(word, ending.size(), replacement);
    return;
  }
}

void step_1a(std::string& word) {
  if (word.ends_with("ies")) {
    replace_ending(word, 3, word.size() == 4 ? "ie" : "i");
  } else if (word.ends_with("sses")) {
    replace_ending(word, 2, "");
  } else if (word.ends_with('s') && !word.ends_with("ss")) {
    word.pop_back();
  }
}

void step_1b(std::string& word) {
  if (word.ends_with("ied")) return replace_ending(word, 3, word.size() == 4 ? "ie" : "i");
  if (word.ends_with("eed")) {
    if (measure(without(word, 3)) > 0) word.pop_back();
    return;
  }
  if (word.ends_with("ed") && has_vowel(without(word, 2))) {
    word.resize(word.size() - 2);
  } else if (word.ends_with("ing") && has_vowel(without(word, 3))) {
    word.resize(word.size() - 3);
  } else {
    return;
  }
  if (word.ends_with("at") || word.ends_with("bl") || word.ends_with("iz")) {
    word.push_back('e');
  } else if (ends_in_double_consonant(word)) {
    if (word.back() != 'l' && word.back() != 's' && word.back() != 'z') word.pop_back();
  } else if (measure(word) == 1 && ends_short(word)) {
    word.push_back('e');
  }
}

void step_1c(std::string& word) {
  if (word.ends_with('y') && word.size() > 2 && sounds_of(without(word, 1)).back() == 'c')
    word.back() = 'i';
}

void step_2(std::string& word) {
  while (word.ends_with("alli") && measure(without(word, 4)) > 0) replace_ending(word, 4, "al");
  // The l of "logi" belongs to the stem: short ones (geo, theo) lose the i too.
  if (word.ends_with("logi")) {
    if (measure(without(word, 3)) > 0) word.pop_back();
    return;
  }
  apply_first(word, kStep2, 0);
}

void step_5(std::string& word) {
  if (word.ends_with('e')) {
    const std::string_view stem = without(word, 1);
    const std::size_t m = measure(stem);
    if (m > 1 || (m == 1 && !ends_short(stem))) word.pop_back();
  }
  if (word.ends_with("ll") && measure(without(word, 1)) > 1) word.pop_back();
}

}  // namespace

std::string porter_stem(std::string_view word) {
  for (const auto& [irregular, stem] : kIrregular) {
    if (word == irregular) return std::string(stem);
  }
  if (word.size() <= 2) return std::string(word);
  std::string stem(word);
  step_1a(stem);
  step_1b(stem);
  step_1c(stem);
  step_2(stem);
  apply_first(stem, kStep3, 0);
  apply_first(stem, kStep4, 1);
  step_5(stem);
  return stem;
}

}  // namespace saseo::eval
