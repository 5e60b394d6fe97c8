#include "base/utf8.h"

#include <gtest/gtest.h>
#include <unicode/utf8.h>

namespace saseo {
namespace {

TEST(Utf8, RefusesOverlongSurrogateAndTruncatedForms) {
  EXPECT_FALSE(is_valid_utf8("\xC0\x80"));
  EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(is_valid_utf8("\xEA\xB0"));
  EXPECT_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));
  EXPECT_TRUE(is_valid_utf8("가나다 abc 😀"));
}

// What ICU reads at the beginning of the bytes; negative: no character.
std::int32_t icu_code_point(std::string_view bytes, std::size_t& length) {
  const char* text = bytes.data();
  const auto size = static_cast<std::int32_t>(bytes.size());
  std::int32_t at = 0, code_point = 0;
  U8_NEXT(text, at, size, code_point);
  length = static_cast<std::size_t>(at);
  return code_point;
}

void expect_as_icu(std::string_view bytes) {
  std::size_t length = 0;
  const std::int32_t expected = icu_code_point(bytes, length);
  const DecodedCodePoint decoded = decode_utf8(bytes, 0);
  ASSERT_EQ(decoded.valid, expected >= 0) << testing::PrintToString(std::string(bytes));
  if (!decoded.valid) return;
  ASSERT_EQ(decoded.code_point, static_cast<char32_t>(expected));
  ASSERT_EQ(decoded.length, length);
}

TEST(Utf8, EveryCodePointIsReadAndWrittenAsIcuDoes) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string written;
    append_utf8(written, c);
    std::size_t length = 0;
    ASSERT_EQ(icu_code_point(written, length), static_cast<std::int32_t>(c));
    ASSERT_EQ(length, written.size());
    const DecodedCodePoint decoded = decode_utf8(written, 0);
    ASSERT_TRUE(decoded.valid && decoded.code_point == c && decoded.length == length) << +c;
  }
}

TEST(Utf8, WhatIsNoCharacterForIcuIsNone) {
  // Every first and second byte, before bytes at the bounds of what may follow.
  const std::string rest = "\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0";
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      std::string bytes = {static_cast<char>(first), static_cast<char>(second)};
      expect_as_icu(std::string_view(bytes).substr(0, 1));
      expect_as_icu(bytes);
      for (const char third : rest) {
        expect_as_icu(bytes + third);
        for (const char fourth : rest) expect_as_icu(bytes + third + fourth);
      }
    }
  }
}

TEST(Utf8, RepairReplacesEachBadByteAndKeepsTheRest) {
  EXPECT_EQ(repair_utf8("가\xFF나"), "가\uFFFD나");
  EXPECT_TRUE(is_valid_utf8(repair_utf8("\xEA\xB0 \x80\xFE")));
}

TEST(Utf8, CodePointsSurviveTheRoundTrip) {
  const std::string text = "충전기 Qi 15 W — 😀";
  EXPECT_EQ(to_utf8(to_utf32(text)), text);
  EXPECT_EQ(count_code_points("가a😀"), 3u);
}

TEST(Utf8, FloorNeverSplitsACharacter) {
  const std::string text = "가나";
  EXPECT_EQ(floor_to_code_point(text, 2), 0u);
  EXPECT_EQ(floor_to_code_point(text, 3), 3u);
  EXPECT_EQ(floor_to_code_point(text, 99), text.size());
}

TEST(Utf8, DecomposedHangulIsComposed) { EXPECT_EQ(to_nfc("\u1112\u1161\u11AB"), "한"); }

TEST(Utf8, FoldingUnitesWidthAndCase) {
  EXPECT_EQ(fold_for_matching("Ｗｉ-Ｆｉ ＵＳＢ"), "wi-fi usb");
  EXPECT_EQ(fold_without_spaces("Ｗｉ-Ｆｉ\u3000ＵＳＢ\n3.0"), "wi-fiusb3.0");
  EXPECT_EQ(fold_letters_and_digits("다온폰 X-1 (블랙)"), "다온폰x1블랙");
}

TEST(Utf8, SpacesOfAllKindsCollapse) {
  EXPECT_EQ(collapse_spaces(" 가\u00A0\u3000 나\t\n다 "), "가 나 다");
  EXPECT_EQ(trim(" \t가 나\n"), "가 나");
}

}  // namespace
}  // namespace saseo
