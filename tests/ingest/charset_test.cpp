#include "ingest/charset.h"

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "ingest/text_readers.h"

namespace saseo {
namespace {

using namespace std::literals;

TEST(DecodeText, KnowsByteOrderMarks) {
  EXPECT_EQ(decode_text("\xEF\xBB\xBF가").text, "가");
  const DecodedText little = decode_text("\xFF\xFE\x00\xAC"sv);
  EXPECT_EQ(little.text, "가");
  EXPECT_EQ(little.charset, "UTF-16LE");
  EXPECT_EQ(decode_text("\xFE\xFF\xAC\x00"sv).text, "가");
  EXPECT_EQ(decode_text("\xFE\xFF\xD8\x3D\xDE\x00"sv).text, "😀");
}

TEST(DecodeText, KnowsUtf16WithoutAMarkByItsNullBytes) {
  const DecodedText text = decode_text("h\0i\0 \0\x00\xAC.\0\n\0"sv);
  EXPECT_EQ(text.text, "hi 가.\n");
  EXPECT_EQ(text.charset, "UTF-16LE");
  EXPECT_FALSE(text.repaired);
}

TEST(DecodeText, KnowsShortKoreanTextInCp949) {
  const DecodedText text = decode_text("\xC3\xE6\xC0\xFC");
  EXPECT_EQ(text.text, "충전");
  EXPECT_EQ(text.charset, "CP949");
  // "뷁" is in CP949 but not in EUC-KR.
  EXPECT_EQ(decode_text("\x94\xEE").text, "뷁");
}

TEST(DecodeText, PrefersUtf8WheneverTheBytesAreValid) {
  EXPECT_EQ(decode_text("충전 café").charset, "UTF-8");
}

TEST(DecodeText, DoesNotTakeLatin1ForKorean) {
  // "é" before "t" is a valid pair of CP949, but gives no Hangul beside it in such text.
  const DecodedText text = decode_text("r\xE9sum\xE9 \xA9\xAE\xB1 \xFF");
  EXPECT_EQ(text.charset, "UTF-8");
  EXPECT_TRUE(text.repaired);
}

TEST(DecodeText, ReplacesBytesThatFitNothing) {
  const DecodedText text = decode_text("가\xFF나\x80");
  EXPECT_EQ(text.text, "가\uFFFD나\uFFFD");
  EXPECT_TRUE(text.repaired);
}

TEST(DecodeText, MakesUnixLineEndsAndComposedHangul) {
  EXPECT_EQ(decode_text("a\r\nb\rc\n\r\n").text, "a\nb\nc\n\n");
  EXPECT_EQ(decode_text("\u1112\u1161\u11AB").text, "한");
}

TEST(DecodeText, NeverFailsOnAnyPairOfBytes) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string bytes = {static_cast<char>(a), static_cast<char>(b), 'x'};
      ASSERT_TRUE(is_valid_utf8(decode_text(bytes).text)) << a << " " << b;
    }
  }
}

TEST(ConvertStrictly, GivesNothingForAnUnknownCharsetOrABadByte) {
  EXPECT_EQ(convert_strictly("\xC3\xE6", "windows-949"), "충");
  EXPECT_EQ(convert_strictly("\xC3", "windows-949"), std::nullopt);
  EXPECT_EQ(convert_strictly("a", "no-such-charset"), std::nullopt);
}

}  // namespace
}  // namespace saseo
