#include "eval/metrics/text_units.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "base/utf8.h"

namespace saseo::eval {

std::u32string lower_case(std::string_view text) {
  icu::UnicodeString unicode = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  unicode.toLower(icu::Locale::getRoot());
  std::string lowered;
  unicode.toUTF8String(lowered);
  return to_utf32(lowered);
}

bool is_white_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
  return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

bool is_word_character(char32_t c) {
  const auto code_point = static_cast<UChar32>(c);
  if (c == U'_' || u_isalnum(code_point) != 0) return true;
  const int type = u_charType(code_point);
  return type == U_LETTER_NUMBER || type == U_OTHER_NUMBER;
}

bool is_ascii_punctuation(char32_t c) {
  return (c >= 0x21 && c <= 0x2F) || (c >= 0x3A && c <= 0x40) || (c >= 0x5B && c <= 0x60) ||
         (c >= 0x7B && c <= 0x7E);
}

std::vector<std::u32string_view> split_on_white_space(std::u32string_view text) {
  std::vector<std::u32string_view> words;
  for (std::size_t i = 0; i < text.size();) {
    if (is_white_space(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && !is_white_space(text[end])) ++end;
    words.push_back(text.substr(i, end - i));
    i = end;
  }
  return words;
}

std::u32string without_white_space(std::u32string_view text) {
  std::u32string out(text);
  std::erase_if(out, is_white_space);
  return out;
}

std::u32string single_spaced(std::u32string_view text) {
  std::u32string out;
  for (const std::u32string_view word : split_on_white_space(text)) {
    if (!out.empty()) out.push_back(U' ');
    out.append(word);
  }
  return out;
}

char32_t TokenNumbers::number_of(std::u32string_view token) {
  return numbers_.emplace(token, static_cast<char32_t>(numbers_.size())).first->second;
}

NgramCounts count_ngrams(std::u32string_view tokens, std::size_t order) {
  NgramCounts counts;
  for (std::size_t i = 0; i + order <= tokens.size(); ++i) ++counts[tokens.substr(i, order)];
  return counts;
}

std::size_t count_shared(const NgramCounts& a, const NgramCounts& b) {
  std::size_t shared = 0;
  for (const auto& [ngram, count] : a) {
    if (const auto found = b.find(ngram); found != b.end())
      shared += std::min(count, found->second);
  }
  return shared;
}

double harmonic_mean(double precision, double recall) {
  return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
}

}  // namespace saseo::eval
