#include "retrieval/quantities.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace saseo {
namespace {

bool asked_fits(std::string_view asked, std::string_view told) {
  const std::vector<Quantity> a = find_quantities(asked), b = find_quantities(told);
  if (a.empty()) return false;
  return std::ranges::any_of(b,
                             [&](const Quantity& quantity) { return fits(a.front(), quantity); });
}

TEST(Quantities, OfTheSameUnitFitAcrossSpellings) {
  EXPECT_TRUE(asked_fits("25와트로", "최대 25 W"));
  EXPECT_TRUE(asked_fits("1.5미터", "수심 1.5 m"));
  EXPECT_TRUE(asked_fits("90분", "1시간 30분 또는 90분"));
  EXPECT_TRUE(asked_fits("1000번", "1,000회"));
  EXPECT_FALSE(asked_fits("25와트", "25 %"));
  EXPECT_FALSE(asked_fits("25와트", "45 W"));
}

TEST(Quantities, LieInRangesAndOpenEnds) {
  EXPECT_TRUE(asked_fits("82프로", "80~84 %"));
  EXPECT_FALSE(asked_fits("79프로", "80~84 %"));
  EXPECT_TRUE(asked_fits("90 %", "85 % 이상"));
  EXPECT_FALSE(asked_fits("80 %", "85 % 이상"));
  EXPECT_TRUE(asked_fits("70 %", "79 % 이하"));
}

TEST(Quantities, CodesAreNone) {
  EXPECT_TRUE(find_quantities("E-21").empty());
  EXPECT_TRUE(find_quantities("USB3").empty());
}

TEST(Quantities, SpansPointAtTheText) {
  const std::string text = "약 1,800니트까지";
  const std::vector<Quantity> found = find_quantities(text);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(text.substr(found[0].span.begin, found[0].span.size()), "1,800니트");
  EXPECT_DOUBLE_EQ(found[0].least, 1800);
}

TEST(AskedQuantity, IsTheUnitAfterHowMany) {
  EXPECT_EQ(asked_quantity("지문은 몇 개까지 돼요?").units, (std::vector{Unit::kCount}));
  EXPECT_EQ(asked_quantity("무게가 얼마예요").asked, true);
  EXPECT_EQ(asked_quantity("완충까지 얼마나 걸려요?").units, (std::vector{Unit::kTime}));
  EXPECT_EQ(asked_quantity("How long does charging take?").units, (std::vector{Unit::kTime}));
  EXPECT_EQ(asked_quantity("What voltage is it?").units, (std::vector{Unit::kVolt}));
  EXPECT_EQ(asked_quantity("How much space is left?").units, (std::vector{Unit::kBytes}));
  EXPECT_TRUE(asked_quantity("How many fingerprints can I add?").counts);
  EXPECT_FALSE(asked_quantity("지문을 등록하는 방법").asked);
}

TEST(Quantities, KnowTheShortEnglishUnits) {
  EXPECT_EQ(find_quantities("3 h 20 min").front().unit, Unit::kTime);
  EXPECT_DOUBLE_EQ(find_quantities("256 gigs").front().least, 256e9);
  EXPECT_EQ(find_quantities("5 hearts").front().unit, Unit::kNone);
}

TEST(AskedQuantity, OfTimeIsAnsweredByTimesOfItsSize) {
  const auto answers = [](std::string_view asked, std::string_view told) {
    return asked_quantity(asked).answered_by(find_quantities(told).front());
  };
  EXPECT_TRUE(answers("보증은 몇 년이에요?", "구입한 날부터 6개월"));
  EXPECT_FALSE(answers("보증은 몇 년이에요?", "약 12분 뒤에"));
  EXPECT_TRUE(answers("몇 분 걸려요?", "2시간 25분"));
  EXPECT_FALSE(answers("몇 분 걸려요?", "2년"));
  EXPECT_TRUE(answers("얼마나 오래 써요?", "2년"));
  EXPECT_TRUE(answers("며칠 걸려요?", "3일 안에"));
}

TEST(Quantities, SurviveAnyBytes) {
  for (const std::string_view text : {"999999999999999999999999999999999", "1.2.3.4", "80~", "~",
                                      "1,", "\xff\xfe 5 W", "5\xEC", "1e999"}) {
    for (const Quantity& quantity : find_quantities(text)) {
      EXPECT_LE(quantity.span.end, text.size());
    }
  }
}

}  // namespace
}  // namespace saseo
