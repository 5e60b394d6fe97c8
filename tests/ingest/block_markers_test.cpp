#include "ingest/block_markers.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

TEST(SplitWarning, ReadsTheWordInEveryCommonDress) {
  struct Case {
    std::string_view text, marker, rest;
  };
  for (const Case& c :
       {Case{"경고: 뜨겁습니다.", "경고", "뜨겁습니다."},
        Case{"[주의] 뜨겁습니다.", "주의", "뜨겁습니다."},
        Case{"⚠ 경고 뜨겁습니다.", "경고", "뜨겁습니다."},
        Case{"주의 사항: 뜨겁습니다.", "주의 사항", "뜨겁습니다."},
        Case{"WARNING! Hot.", "WARNING", "Hot."}, Case{"Note - read this.", "Note", "read this."},
        Case{"[!NOTE]\nread this.", "Note", "read this."},
        Case{"<참고> 보세요.", "참고", "보세요."}}) {
    const auto warning = split_warning(c.text);
    ASSERT_TRUE(warning) << c.text;
    EXPECT_EQ(warning->marker, c.marker) << c.text;
    EXPECT_EQ(warning->rest, c.rest) << c.text;
  }
}

TEST(SplitWarning, LeavesSentencesThatBeginWithTheWordAlone) {
  for (const std::string_view text :
       {"주의하세요.", "경고음이 울립니다.", "참고 자료를 보세요.", "Notebook: a computer.",
        "Note that it is hot.", "안내: 설명", "경고등: 빨강"}) {
    EXPECT_FALSE(split_warning(text)) << text;
  }
  EXPECT_TRUE(split_warning("경고 뜨겁습니다.", true));
  EXPECT_FALSE(split_warning("경고음이 울립니다.", true));
}

TEST(WarningWord, TakesTheWordAlone) {
  EXPECT_EQ(warning_word("** 경고 :**"), "경고");
  EXPECT_EQ(warning_word("[!TIP]"), "Tip");
  EXPECT_EQ(warning_word("경고 표시"), std::nullopt);
  EXPECT_EQ(warning_word(""), std::nullopt);
}

TEST(SplitCaption, ReadsTheWordAndItsNumber) {
  EXPECT_EQ(split_caption("표: 구성품")->marker, "표");
  EXPECT_EQ(split_caption("그림 3. 뒷면")->marker, "그림 3");
  EXPECT_EQ(split_caption("그림 3. 뒷면")->rest, "뒷면");
  EXPECT_EQ(split_caption("Table 2-1: Buttons")->marker, "Table 2-1");
  EXPECT_EQ(split_caption("<표 1> 색")->rest, "색");
}

TEST(SplitCaption, LeavesSentencesAlone) {
  for (const std::string_view text : {"표시등이 켜집니다.", "그림 3을 보세요.", "표 1에서 고릅니다",
                                      "Tables: x", "Table 2 shows the buttons.", "표", "Figure"}) {
    EXPECT_FALSE(split_caption(text)) << text;
  }
}

TEST(SplitEnumerator, ReadsNumbersLettersAndBullets) {
  struct Case {
    std::string_view line, marker, rest;
  };
  for (const Case& c :
       {Case{"1. 켭니다", "1.", "켭니다"}, Case{"12) 켭니다", "12)", "켭니다"},
        Case{"(3) 켭니다", "(3)", "켭니다"}, Case{"③켭니다", "③", "켭니다"},
        Case{"가. 켭니다", "가.", "켭니다"}, Case{"나) 켭니다", "나)", "켭니다"},
        Case{"Step 2: go", "Step 2:", "go"}, Case{"단계 2 켭니다", "단계 2", "켭니다"},
        Case{"- 켭니다", "•", "켭니다"}, Case{"•켭니다", "•", "켭니다"}}) {
    const auto item = split_enumerator(c.line);
    ASSERT_TRUE(item) << c.line;
    EXPECT_EQ(item->marker, c.marker) << c.line;
    EXPECT_EQ(item->rest, c.rest) << c.line;
  }
}

TEST(SplitEnumerator, LeavesQuantitiesDatesAndWordsAlone) {
  for (const std::string_view line : {"3.2 배터리", "2024. 5. 1.", "-5 °C에서", "가방을 엽니다",
                                      "1.5 m", "(참고) 글", "1.", "-", "", "10 초"}) {
    EXPECT_FALSE(split_enumerator(line)) << line;
  }
}

TEST(StepFollows, KnowsTheNextNumberInEveryScript) {
  EXPECT_TRUE(step_follows("1.", "2."));
  EXPECT_TRUE(step_follows("③", "④"));
  EXPECT_TRUE(step_follows("나.", "다."));
  EXPECT_TRUE(step_follows("Step 9:", "Step 10:"));
  EXPECT_FALSE(step_follows("1.", "3."));
  EXPECT_FALSE(step_follows("•", "•"));
  EXPECT_FALSE(step_follows("99999999999999999999.", "1."));
}

}  // namespace
}  // namespace saseo
