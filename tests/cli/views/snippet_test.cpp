#include "cli/views/snippet.h"

#include <gtest/gtest.h>

#include "cli/terminal/terminal.h"

namespace saseo::cli {
namespace {

TEST(Snippet, ShowsTheStretchWithTheWordsOfTheQuestion) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "다른 이야기가 길게 이어집니다. ";
  text += "무선충전은 패드 위에서 합니다. ";
  for (int i = 0; i < 40; ++i) text += "또 다른 이야기입니다. ";
  const std::string snippet = snippet_of(text, "무선 충전 방법", 80);
  EXPECT_NE(snippet.find("무선충전은"), std::string::npos) << snippet;
  EXPECT_LE(display_width(snippet), 80u);
  EXPECT_TRUE(snippet.starts_with("…"));
  EXPECT_EQ(snippet_of("짧은 글", "없음", 80), "짧은 글");
}

TEST(Snippet, MarksKoreanInsideCompoundsAndEnglishAtTheBeginningOfWords) {
  const auto mark = [](std::string_view word) { return "<" + std::string(word) + ">"; };
  EXPECT_EQ(mark_words("고속무선충전 지원", "무선 충전은", mark), "고속<무선><충전> 지원");
  EXPECT_EQ(mark_words("Recharge: Charging", "charge", mark), "Recharge: <Char>ging");
  EXPECT_EQ(mark_words("Charge it", "charger", mark), "<Char>ge it");
}

}  // namespace
}  // namespace saseo::cli
