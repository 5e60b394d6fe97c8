#include "eval/metrics/fact_recall.h"

#include <gtest/gtest.h>

namespace saseo::eval {
namespace {

using Facts = std::vector<std::vector<std::string>>;

bool states(std::string_view answer, std::string_view spelling) {
  return FactText(answer).states(spelling);
}

TEST(FactRecall, IsTheShareOfFactsWithASpellingInTheAnswer) {
  const Facts facts = {{"터치 감도 높이기"}, {"두 번 등록", "두 번"}, {"인식 학습"}};
  EXPECT_DOUBLE_EQ(*fact_recall("손가락을 두 번 등록하고 인식 학습을 켜세요.", facts), 2.0 / 3);
  EXPECT_DOUBLE_EQ(*fact_recall("", facts), 0);
  EXPECT_FALSE(fact_recall("무엇이든", Facts{}).has_value());
}

TEST(FactRecall, HeedsNeitherSpacesNorCaseNorForm) {
  EXPECT_TRUE(states("무선충전을 켭니다", "무선 충전"));
  EXPECT_TRUE(states("설정 >\n 일반 관리", "일반관리"));
  EXPECT_TRUE(states("wi-fi를 켭니다", "Wi-Fi"));
  EXPECT_TRUE(states("Ｗｉ－Ｆｉ 6", "wi-fi 6"));
  EXPECT_TRUE(states("\u110E\u116E\u11BC\u110C\u1165\u11AB", "충전"));  // Decomposed.
  EXPECT_TRUE(states("기온이 35℃ 이하", "35 °C"));
}

TEST(FactRecall, DoesNotFindANumberInALongerOne) {
  EXPECT_TRUE(states("최대 5 W로", "5 W"));
  EXPECT_TRUE(states("최대 5W로", "5 W"));
  EXPECT_FALSE(states("최대 25 W로", "5 W"));
  EXPECT_FALSE(states("최대 0.5 W로", "5 W"));
  EXPECT_FALSE(states("13초 동안", "3초"));
  EXPECT_FALSE(states("코드는 4521", "452"));
  EXPECT_FALSE(states("3.55", "3.5"));
  EXPECT_FALSE(states("버전 3.5.1", "3.5"));
  EXPECT_TRUE(states("버전은 3.5.", "3.5"));
  EXPECT_TRUE(states("13초가 아니라 3초", "3초"));
}

TEST(FactRecall, DoesNotTakeOneUnitForAnother) {
  EXPECT_FALSE(states("5 Wh 배터리", "5 W"));
  EXPECT_FALSE(states("5 mm 두께", "5 m"));
  EXPECT_FALSE(states("3개월 동안", "3개"));
  EXPECT_FALSE(states("최대 5 Wh까지", "최대 5 W"));
  EXPECT_TRUE(states("최대 5 W까지", "최대 5 W"));
  EXPECT_TRUE(states("5 m 이상, 80~84 %", "5 m"));
  EXPECT_TRUE(states("5 m 이상, 80~84 %", "84%"));
  EXPECT_TRUE(states("필터 3개를", "3개"));
  EXPECT_TRUE(states("it takes 5 W is all", "5 W"));
}

TEST(FactRecall, ReadsThousandsWithAndWithoutComma) {
  EXPECT_TRUE(states("1,800니트", "1800 니트"));
  EXPECT_TRUE(states("1800니트", "1,800니트"));
  EXPECT_FALSE(states("11,800니트", "1,800니트"));
  EXPECT_FALSE(states("21,800니트", "800니트"));
}

TEST(FactRecall, FindsLatinWordsFromTheirBeginning) {
  EXPECT_FALSE(states("Then reboot it.", "boot"));
  EXPECT_FALSE(states("A simple way.", "SIM"));
  EXPECT_TRUE(states("Two SIMs fit.", "SIM"));
  EXPECT_TRUE(states("SIM을 넣고", "sim"));
  EXPECT_TRUE(states("your passwords", "password"));
}

TEST(FactRecall, TakesNoSpellingWithoutLetters) {
  EXPECT_FALSE(states("무엇이든 - 좋다", ""));
  EXPECT_FALSE(states("무엇이든 - 좋다", " - "));
  EXPECT_FALSE(states("\xFF\xFE", "\xFF"));
}

}  // namespace
}  // namespace saseo::eval
