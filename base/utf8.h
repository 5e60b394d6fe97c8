// UTF-8: decoding, encoding, validity, normal forms, and the classes of characters that Korean and
// English text needs. Offsets are in bytes, lengths of text in code points unless said.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saseo {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

struct DecodedCodePoint {
  char32_t code_point = kReplacementCharacter;
  std::size_t length = 1;  // Bytes taken; at least 1.
  bool valid = false;
};

// Decodes the code point at text[offset]; offset < text.size(). Overlong forms, surrogates and
// truncated sequences are invalid and take one byte.
DecodedCodePoint decode_utf8(std::string_view text, std::size_t offset);

void append_utf8(std::string& out, char32_t code_point);
std::string to_utf8(std::u32string_view text);
// Invalid bytes become U+FFFD.
std::u32string to_utf32(std::string_view text);

bool is_valid_utf8(std::string_view text);
// A copy in which each invalid byte is U+FFFD.
std::string repair_utf8(std::string_view text);
std::size_t count_code_points(std::string_view text);
// The largest offset <= the given one that does not split a code point of valid text.
std::size_t floor_to_code_point(std::string_view text, std::size_t offset);

// Canonical composition (NFC): decomposed Hangul, as macOS writes it, becomes syllables.
std::string to_nfc(std::string_view text);
// Compatibility composition (NFKC) with full case folding, for matching: "Ｗｉ－Ｆｉ" -> "wi-fi".
std::string fold_for_matching(std::string_view text);
// The same without white space, and of letters and digits alone: "다온폰 X-1" -> "다온폰x1".
std::string fold_without_spaces(std::string_view text);
std::string fold_letters_and_digits(std::string_view text);

constexpr bool is_ascii_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_hangul_syllable(char32_t c);
bool is_hangul(char32_t c);  // Syllables and jamo.
bool is_han(char32_t c);
bool is_letter_or_digit(char32_t c);
bool is_space(char32_t c);  // Unicode White_Space and zero-width spaces.

// Runs of white space become one space; none at either end.
std::string collapse_spaces(std::string_view text);
std::string_view trim(std::string_view text);

}  // namespace saseo
