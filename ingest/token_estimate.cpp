// How many tokens a text will take, without a tokenizer at hand.
#include "ingest/token_estimate.h"

#include <cmath>

#include "base/utf8.h"
#include "ingest/chunker.h"

namespace saseo {
namespace {

// Tokens per character or run, by class.
constexpr double kHangulSyllable = 0.62;
constexpr double kHan = 1.0;
constexpr double kLatinWord = 1.05;     // Per run of letters,
constexpr double kLatinLetter = 0.045;  // and per letter of it.
constexpr double kDigit = 1.0;          // Gemma parts numbers into digits.
constexpr double kPunctuation = 0.75;
constexpr double kLineBreak = 1.0;
constexpr double kOther = 1.0;

}  // namespace

double token_weight(std::string_view text) {
  double tokens = 0;
  bool in_word = false;
  for (std::size_t i = 0; i < text.size();) {
    const DecodedCodePoint decoded = decode_utf8(text, i);
    const char32_t c = decoded.code_point;
    i += decoded.length;
    const bool latin = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    if (latin) {
      tokens += kLatinLetter + (in_word ? 0 : kLatinWord);
    } else if (is_hangul(c)) {
      tokens += kHangulSyllable;
    } else if (c >= '0' && c <= '9') {
      tokens += kDigit;
    } else if (c == '\n') {
      tokens += kLineBreak;
    } else if (is_han(c)) {
      tokens += kHan;
    } else if (c < 0x80 && c > ' ') {
      tokens += kPunctuation;
    } else if (!is_space(c)) {
      tokens += kOther;
    }
    in_word = latin;
  }
  return tokens;
}

std::size_t estimate_tokens(std::string_view text) {
  return static_cast<std::size_t>(std::ceil(token_weight(text)));
}

}  // namespace saseo
