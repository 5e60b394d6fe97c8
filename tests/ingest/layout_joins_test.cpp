#include "ingest/layout_joins.h"

#include <gtest/gtest.h>

#include "tests/ingest/layout_test_page.h"

namespace saseo::layout {
namespace {

// A document whose lines hold these texts, none at a line's end that matters.
LineJoiner joiner_for(const std::vector<std::string>& texts) {
  PageLines page;
  page.number = 1;
  TestPage words;
  float y = 50;
  for (const std::string& text : texts) words.line(72, y, text), y += 40;
  page.lines = lines_of(words);
  return LineJoiner({page});
}

Run run_of(const std::string& text) {
  Run run;
  run.text = text;
  run.size = 10;
  return run;
}

Join join(const LineJoiner& joiner, const std::string& upper, const std::string& lower,
          float room = 0) {
  return joiner.join(run_of(upper), run_of(lower), room);
}

const std::vector<std::string> kManual = {"먼저 블루투스 장치에 파일을 보낼 수 있습니다 그리고",
                                          "그때 장치에 연결하여 파일을 보낼 수 없습니다 그래서",
                                          "다른 컴퓨터에서 파일을 받을 수 있습니다 그러면",
                                          "새 블루투스 장치를 컴퓨터에 연결하여 씁니다 그리고",
                                          "이제 컴퓨터를 켜고 장치에 연결하여 봅니다 그래서",
                                          "모든 컴퓨터에서 배터리를 충전할 수 있습니다 이때"};

TEST(LayoutJoins, RejoinsKoreanWordsThatWereCut) {
  const LineJoiner joiner = joiner_for(kManual);
  EXPECT_EQ(join(joiner, "다른 컴퓨", "터에서 파일을"), Join::kNone);
  EXPECT_EQ(join(joiner, "보낼 수 있습", "니다."), Join::kNone);
  EXPECT_EQ(join(joiner, "새 장치", "를 켭니다"), Join::kNone);
}

TEST(LayoutJoins, PutsASpaceBetweenWholeKoreanWords) {
  const LineJoiner joiner = joiner_for(kManual);
  EXPECT_EQ(join(joiner, "컴퓨터에서 파일을", "보낼 수"), Join::kSpace);
  EXPECT_EQ(join(joiner, "장치에 연결하여", "파일을"), Join::kSpace);
  EXPECT_EQ(join(joiner, "있습니다.", "장치를"), Join::kSpace);
}

TEST(LayoutJoins, KnowsThatALineWithRoomWasBrokenBetweenWords) {
  const LineJoiner joiner = joiner_for(kManual);
  EXPECT_EQ(join(joiner, "다른 컴퓨", "터에서", 40), Join::kSpace);
}

TEST(LayoutJoins, JoinsParticlesToLatinWordsAndBrackets) {
  const LineJoiner joiner = joiner_for(kManual);
  EXPECT_EQ(join(joiner, "설정에서 Bluetooth", "를 켭니다"), Join::kNone);
  EXPECT_EQ(join(joiner, "시스템(ABS)", "을 도입"), Join::kNone);
  EXPECT_EQ(join(joiner, "자세한 목록은", "https://example.org"), Join::kSpace);
}

TEST(LayoutJoins, DropsEnglishHyphensButNotThoseOfTheWord) {
  const LineJoiner joiner =
      joiner_for({"the new power-saving mode of the phone", "a battery saver"});
  EXPECT_EQ(join(joiner, "the bat-", "tery is"), Join::kDropHyphen);
  EXPECT_EQ(join(joiner, "the power-", "saving mode"), Join::kNone);
  EXPECT_EQ(join(joiner, "the battery", "is new"), Join::kSpace);
}

TEST(LayoutJoins, DecidesWithoutAnyTextToLearnFrom) {
  const LineJoiner joiner = joiner_for({});
  EXPECT_EQ(join(joiner, "향상을 위해", "자동 투구"), Join::kSpace);
  EXPECT_EQ(join(joiner, "", "자동"), Join::kSpace);
}

}  // namespace
}  // namespace saseo::layout
