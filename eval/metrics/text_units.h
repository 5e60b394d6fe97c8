// What the text metrics share: text as code points, its words, and counts of n-grams.
//
// The scripts that define these metrics are Python; lower case, white space and word characters
// are therefore Python's, so that values agree on any text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace saseo::eval {

// Full Unicode lower case, as str.lower(). Invalid bytes become U+FFFD.
std::u32string lower_case(std::string_view text);
// As str.isspace(): Unicode White_Space and the separators U+001C to U+001F.
bool is_white_space(char32_t c);
// As \w: letters, all kinds of numbers, the underscore; no combining marks.
bool is_word_character(char32_t c);
// What parts the digits of a number: "1.5", "1,800".
constexpr bool is_decimal_point(char32_t c) { return c == U'.' || c == U','; }
// As string.punctuation: !"#$%&'()*+,-./:;<=>?@[\]^_`{|}~
bool is_ascii_punctuation(char32_t c);

// Views of `text`, as str.split().
std::vector<std::u32string_view> split_on_white_space(std::u32string_view text);
std::u32string without_white_space(std::u32string_view text);
// Words with one space between two, none at the ends.
std::u32string single_spaced(std::u32string_view text);

// Numbers equal tokens equally, so that a text of tokens is a string of numbers: n-grams and common
// subsequences are then taken of characters and of words by the same functions.
class TokenNumbers {
 public:
  char32_t number_of(std::u32string_view token);
  template <typename Tokens>
  std::u32string numbers_of(const Tokens& tokens) {
    std::u32string numbers;
    for (const auto& token : tokens) numbers.push_back(number_of(token));
    return numbers;
  }

 private:
  std::unordered_map<std::u32string, char32_t> numbers_;
};

// n-gram -> how often; the keys are views of the text that was counted.
using NgramCounts = std::unordered_map<std::u32string_view, std::size_t>;
NgramCounts count_ngrams(std::u32string_view tokens, std::size_t order);
// The size of the intersection as multisets.
std::size_t count_shared(const NgramCounts& a, const NgramCounts& b);

// 2pr / (p + r); 0 where both are 0.
double harmonic_mean(double precision, double recall);

}  // namespace saseo::eval
