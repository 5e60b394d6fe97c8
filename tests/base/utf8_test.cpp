#include "base/utf8.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

TEST(Utf8, RefusesOverlongSurrogateAndTruncatedForms) {
  EXPECT_FALSE(is_valid_utf8("\xC0\x80"));
  EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(is_valid_utf8("\xEA\xB0"));
  EXPECT_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));
  EXPECT_TRUE(is_valid_utf8("가나다 abc 😀"));
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
