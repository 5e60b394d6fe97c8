// A linear model of Gemma 2's tokenizer over classes of characters. The weights are a least-squares
// fit to 3,235 chunks of Korean and English manuals; on every second chunk, held out, the mean
// absolute error was 2 % (English) and 4 to 8 % (Korean); the largest single miss was 39 %.
// Gemma 3 has a larger Korean vocabulary: there the estimate is some 7 to 20 % high for Korean, the
// same for English.
#include "ingest/token_estimate.h"

#include <cmath>

#include "base/utf8.h"

namespace saseo {
namespace {

constexpr double kHangulRun = 0.77;  // A word's Hangul, once,
constexpr double kSyllable = 0.54;   // and each syllable of it.
constexpr double kLatinRun = 0.83;
constexpr double kLetter = 0.032;
constexpr double kFarLetter = 0.35;  // Beyond kWordLength letters: keys and addresses, not words.
constexpr int kWordLength = 16;
constexpr double kDigit = 1.185;
constexpr double kDigitAfterSpace = 0.356;  // The space is a token of its own then.
constexpr double kPunctuation = 1.168;
constexpr double kPunctuationAfterSpace = 0.12;
constexpr double kLineBreak = 0.555;
constexpr double kOther = 1.32;  // Any other character: Han, kana, symbols.

enum class CharacterClass { kSpaces, kLatin, kHangul, kDigits, kSigns, kRest };

CharacterClass class_of(char32_t c) {
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') return CharacterClass::kLatin;
  if (is_hangul_syllable(c)) return CharacterClass::kHangul;
  if (c >= '0' && c <= '9') return CharacterClass::kDigits;
  if (is_space(c)) return CharacterClass::kSpaces;
  return c < 0x80 ? CharacterClass::kSigns : CharacterClass::kRest;
}

}  // namespace

double token_weight(std::string_view text) {
  double tokens = 0;
  int letters = 0;
  CharacterClass before = CharacterClass::kSpaces;
  for (std::size_t i = 0; i < text.size();) {
    const DecodedCodePoint decoded = decode_utf8(text, i);
    i += decoded.length;
    const CharacterClass here = class_of(decoded.code_point);
    const bool after_space = before == CharacterClass::kSpaces;
    switch (here) {
      case CharacterClass::kLatin:
        letters = before == here ? letters + 1 : 1;
        tokens += letters > kWordLength ? kFarLetter : kLetter + (letters == 1 ? kLatinRun : 0);
        break;
      case CharacterClass::kHangul:
        tokens += kSyllable + (before == here ? 0 : kHangulRun);
        break;
      case CharacterClass::kDigits:
        tokens += kDigit + (after_space ? kDigitAfterSpace : 0);
        break;
      case CharacterClass::kSigns:
        tokens += kPunctuation + (after_space ? kPunctuationAfterSpace : 0);
        break;
      case CharacterClass::kSpaces:
        tokens += decoded.code_point == '\n' ? kLineBreak : 0;
        break;
      case CharacterClass::kRest:
        tokens += kOther;
        break;
    }
    before = here;
  }
  return tokens;
}

std::size_t estimate_tokens(std::string_view text) {
  return static_cast<std::size_t>(std::ceil(token_weight(text)));
}

}  // namespace saseo
