#include "ingest/layout_lines.h"

#include <gtest/gtest.h>

#include "tests/ingest/layout_test_page.h"

namespace saseo::layout {
namespace {

std::vector<std::string> texts_of(const PdfPage& page) {
  std::vector<std::string> out;
  for (const Line& line : lines_of(page)) out.push_back(line.text());
  return out;
}

using Texts = std::vector<std::string>;

TEST(LayoutLines, OrdersLinesFromTopToBottomWhateverTheirOrder) {
  EXPECT_EQ(texts_of(TestPage().line(72, 200, "below").line(72, 100, "above")),
            (Texts{"above", "below"}));
}

TEST(LayoutLines, JoinsWordsThatTouchWithoutASpace) {
  TestPage page;
  page.line(72, 100, "USB").line(72 + 15, 100, "를 켭니다");
  const auto lines = lines_of(page);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].text(), "USB를 켭니다");
}

TEST(LayoutLines, ReadsColumnsBetweenFullWidthLines) {
  TestPage page;
  page.line(60, 50, "A heading that stands over both of the columns of this page", 14);
  for (int i = 0; i < 6; ++i) {
    const float y = 100 + 13.0f * static_cast<float>(i);
    page.line(60, y, "left text that fills its whole column here" + std::to_string(i));
    page.line(310, y + 4, "right text that fills its whole column too" + std::to_string(i));
  }
  page.line(200, 800, "page foot in the middle over the gutter");
  const Texts texts = texts_of(page);
  ASSERT_EQ(texts.size(), 14u);
  EXPECT_TRUE(texts[0].starts_with("A heading"));
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(texts[1 + i], "left text that fills its whole column here" + std::to_string(i));
    EXPECT_EQ(texts[7 + i], "right text that fills its whole column too" + std::to_string(i));
  }
  EXPECT_TRUE(texts[13].starts_with("page foot"));
}

TEST(LayoutLines, KeepsCellsOfARowApart) {
  TestPage page;
  page.line(72, 100, "Name").line(200, 100, "Count");
  const auto lines = lines_of(page);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].runs.size(), 2u);
}

TEST(LayoutLines, JoinsAMarkerWithItsText) {
  TestPage page;
  page.line(72, 100, "2.").line(96, 100, "Second step");
  const auto lines = lines_of(page);
  ASSERT_EQ(lines.size(), 1u);
  ASSERT_EQ(lines[0].runs.size(), 1u);
  EXPECT_EQ(lines[0].text(), "2. Second step");
  EXPECT_EQ(lines[0].runs[0].second_word_x, 96);
}

TEST(LayoutLines, TellsBoldStartsFromBoldLines) {
  TestPage page;
  page.line(72, 100, "Warning", 10, TestPage::kBold).line(110, 100, "hot surface");
  page.line(72, 130, "All bold", 10, TestPage::kBold);
  const auto lines = lines_of(page);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_FALSE(lines[0].bold());
  EXPECT_EQ(lines[0].runs[0].bold_prefix, std::string("Warning").size());
  EXPECT_TRUE(lines[1].bold());
}

TEST(LayoutLines, LeavesOutHiddenAndRotatedWords) {
  PdfPage page = TestPage().line(72, 100, "seen unseen turned");
  page.words[1].hidden = true;
  page.words[2].rotation = 1;
  EXPECT_EQ(texts_of(page), (Texts{"seen"}));
}

}  // namespace
}  // namespace saseo::layout
