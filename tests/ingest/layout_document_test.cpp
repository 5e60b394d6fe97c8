#include "ingest/layout_document.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/ingest/layout_test_page.h"

namespace saseo {
namespace {

using Sketch = std::vector<std::string>;

// Body text, so that the body's size and pitch are known.
TestPage& body(TestPage& page, float y) {
  return page.lines(
      72, y,
      {"This is a line of ordinary text that fills the column from edge to edge here",
       "and a second line of it that does the same thing as the first one has done it",
       "and the end of it."});
}

TEST(LayoutDocument, JoinsLinesToParagraphsAndKeepsTheirBoxes) {
  TestPage page;
  body(page, 100);
  body(page, 160);
  const Document document = document_of({page});
  ASSERT_EQ(document.blocks.size(), 2u);
  EXPECT_TRUE(document.text_of(document.blocks[0].span).starts_with("This is a line"));
  EXPECT_TRUE(document.text_of(document.blocks[0].span).ends_with("and the end of it."));
  ASSERT_EQ(document.lines.size(), 6u);
  EXPECT_EQ(document.lines[2].box, (Box{1, 72, 126, document.lines[2].box.width, 10}));
  EXPECT_EQ(document.text_of(document.lines[2].span), "and the end of it.");
}

TEST(LayoutDocument, GivesHeadingsTheLevelsOfTheOutline) {
  TestPage page;
  page.line(72, 60, "3 Charging", 18, TestPage::kBold).line(72, 100, "3.1 With a cable", 10);
  body(page, 130);
  PdfHeader header;
  header.outline = {{1, "Charging"}, {2, "With a cable"}};
  const Sketch blocks = sketch(document_of({page}, header));
  ASSERT_GE(blocks.size(), 3u);
  EXPECT_EQ(blocks[0], "heading1 3 Charging");
  EXPECT_EQ(blocks[1], "heading2 3.1 With a cable");
}

TEST(LayoutDocument, GivesHeadingsLevelsBySizeWithoutAnOutline) {
  TestPage page;
  page.line(72, 60, "Manual", 24);
  page.line(72, 100, "Charging the phone with the very long cable that comes", 16)
      .line(72, 119, "in the box", 16);
  body(page, 150);
  page.line(72, 210, "By cable", 10, TestPage::kBold);
  body(page, 235);
  page.line(72, 300, "Note this is plain and not a heading at all", 10);
  const Sketch blocks = sketch(document_of({page}));
  ASSERT_EQ(blocks.size(), 6u);
  EXPECT_EQ(blocks[0], "heading1 Manual");
  EXPECT_EQ(blocks[1],
            "heading2 Charging the phone with the very long cable that comes in the box");
  EXPECT_EQ(blocks[3], "heading3 By cable");
  EXPECT_TRUE(blocks[5].starts_with("paragraph"));
}

TEST(LayoutDocument, LeavesOutRunningHeadsAndPageNumbers) {
  std::vector<PdfPage> pages;
  for (int i = 1; i <= 6; ++i) {
    TestPage page(i);
    // The fourth page is a chapter of its own: its head is new.
    page.line(72, 30, i == 4 ? "Care" : "Charging", 8);
    body(page, 100 + 10.0f * static_cast<float>(i));
    // Mirrored on odd and even pages.
    page.line(i % 2 == 1 ? 500 : 72, 800, "DP-X100  " + std::to_string(i), 8);
    pages.push_back(page);
  }
  const Document document = document_of(std::move(pages));
  EXPECT_EQ(document.blocks.size(), 6u);
  for (const std::string& block : sketch(document))
    EXPECT_TRUE(block.starts_with("paragraph This"));
}

TEST(LayoutDocument, KeepsFirstLinesThatDifferFromPageToPage) {
  std::vector<PdfPage> pages;
  const char* titles[] = {"Camera", "Battery", "Screen", "Sound", "Network"};
  for (int i = 1; i <= 5; ++i) {
    TestPage page(i);
    page.line(72, 40, titles[i - 1], 18);
    body(page, 120);
    pages.push_back(page);
  }
  const Document document = document_of(std::move(pages));
  EXPECT_EQ(std::ranges::count(document.blocks, BlockKind::kHeading, &Block::kind), 5);
}

TEST(LayoutDocument, NestsStepsAndItemsByIndentation) {
  TestPage page;
  body(page, 60);
  page.line(72, 120,
            "1. Plug the cable into the socket and wait until the lamp lights up in green and")
      .line(84, 133, "then go on.")
      .line(84, 150, "• The lamp is at the top.")
      .line(84, 167, "• It is green.")
      .line(72, 184, "2. Unplug it.")
      .line(72, 201, "① First circle")
      .line(72, 218, "가. 한글 번호");
  body(page, 250);
  const Document document = document_of({page});
  const Sketch blocks = sketch(document);
  ASSERT_EQ(blocks.size(), 8u);
  EXPECT_EQ(blocks[1],
            "step1 [1.] Plug the cable into the socket and wait until the lamp lights up in green "
            "and then go on.");
  EXPECT_EQ(blocks[2], "list-item2 [•] The lamp is at the top.");
  EXPECT_EQ(blocks[4], "step1 [2.] Unplug it.");
  EXPECT_EQ(blocks[5], "step1 [①] First circle");
  EXPECT_EQ(blocks[6], "step1 [가.] 한글 번호");
  EXPECT_EQ(document.blocks[2].parent, 1);
  EXPECT_EQ(document.blocks[3].parent, 1);
  EXPECT_EQ(document.blocks[4].parent, -1);
}

TEST(LayoutDocument, PutsAWarningUnderTheStepThatItIsIndentedUnder) {
  TestPage page;
  body(page, 60);
  page.line(72, 120, "1. 충전기를 꽂습니다.")
      .line(90, 140, "경고", 9, TestPage::kBold)
      .line(112, 140, "젖은 손으로 만지지 마세요.", 9)
      .line(72, 170, "2. 케이블을 꽂습니다.")
      .line(72, 200, "Caution: hot surface.");
  const Document document = document_of({page});
  const Sketch blocks = sketch(document);
  ASSERT_EQ(blocks.size(), 5u);
  EXPECT_EQ(blocks[2], "warning [경고] 젖은 손으로 만지지 마세요.");
  EXPECT_EQ(document.blocks[2].parent, 1);
  EXPECT_EQ(blocks[4], "warning [Caution] hot surface.");
}

TEST(LayoutDocument, TakesCaptionsAndCodeForWhatTheyAre) {
  TestPage page;
  body(page, 60);
  page.line(72, 120, "그림 3. 뒷면의 이름")
      .line(72, 150, "apt install saseo", 10, TestPage::kMono)
      .line(72, 163, "saseo ingest manual.pdf", 10, TestPage::kMono);
  const Sketch blocks = sketch(document_of({page}));
  ASSERT_EQ(blocks.size(), 3u);
  EXPECT_EQ(blocks[1], "caption [그림 3] 뒷면의 이름");
  EXPECT_EQ(blocks[2], "code apt install saseo\nsaseo ingest manual.pdf");
}

TEST(LayoutDocument, JoinsAParagraphOverAPageBreak) {
  TestPage first(1), second(2);
  body(first, 60);
  first.line(72, 700,
             "The battery lasts for two days when it is new and when the screen is not too");
  second.line(72, 60, "bright.");
  body(second, 100);
  const Document document = document_of({first, second});
  ASSERT_EQ(document.blocks.size(), 3u);
  EXPECT_EQ(document.blocks[1].first_page, 1);
  EXPECT_EQ(document.blocks[1].last_page, 2);
  EXPECT_TRUE(document.text_of(document.blocks[1].span).ends_with("not too bright."));
}

TEST(LayoutDocument, DropsATableOfContents) {
  TestPage contents(1), text(2);
  contents.line(72, 60, "Contents", 18);
  for (int i = 0; i < 8; ++i)
    contents.line(72, 100 + 15.0f * static_cast<float>(i),
                  "Chapter about something . . . . . . . . . . . " + std::to_string(i + 2));
  body(text, 60);
  const Sketch blocks = sketch(document_of({contents, text}));
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_TRUE(blocks[0].starts_with("paragraph This"));
}

TEST(LayoutDocument, ReportsHiddenWordsAndPagesWithoutText) {
  TestPage page(1);
  body(page, 60);
  page.line(72, 300, "obey").hide_last_word();
  std::vector<PdfPage> pages = {page};
  for (int i = 2; i <= 40; ++i) pages.push_back(TestPage(i));
  const Document document = document_of(std::move(pages));
  EXPECT_EQ(document.text.find("obey"), std::string::npos);
  ASSERT_EQ(document.warnings.size(), 2u);
  EXPECT_EQ(document.warnings[0].code, "hidden-text");
  EXPECT_EQ(document.warnings[1].code, "no-text");
  EXPECT_NE(document.warnings[1].message.english.find("2-40"), std::string::npos);
}

TEST(LayoutDocument, ComposesHangulAndKeepsSpansExact) {
  TestPage page;
  page.line(72, 60,
            "\xE1\x84\x8E\xE1\x85\xAE\xE1\x86\xBC\xE1\x84\x8C\xE1\x85\xA5\xE1\x86\xAB 하기");
  const Document document = document_of({page});
  EXPECT_EQ(document.text, "충전 하기\n");
  ASSERT_EQ(document.lines.size(), 1u);
  EXPECT_EQ(document.lines[0].span, (ByteSpan{0, document.text.size() - 1}));
}

TEST(LayoutDocument, TakesAnyWordsWithoutHarm) {
  // Words of no size, on top of each other, outside of the page, in any order.
  PdfPage page = TestPage(1);
  unsigned state = 7;
  const auto next = [&] { return state = state * 1664525 + 1013904223, state >> 16; };
  const char* texts[] = {"a", "1.",           "•",      "표 1",     "|",
                         "·", "\xEF\xBF\xBD", "가나다", "Warning:", "."};
  for (int i = 0; i < 3000; ++i) {
    PdfWord word;
    word.text = texts[next() % 10];
    word.x = static_cast<float>(next() % 2000) - 700;
    word.y = static_cast<float>(next() % 2000) - 700;
    word.width = static_cast<float>(next() % 300);
    word.height = static_cast<float>(next() % 30);
    word.font_size = static_cast<float>(next() % 40);
    word.font = static_cast<std::uint16_t>(next() % 3);
    word.space_after = next() % 2 == 0;
    word.rotation = next() % 8 == 0 ? 1 : 0;
    page.words.push_back(word);
  }
  const Document document = document_of({page});
  std::size_t end = 0;
  for (const Block& block : document.blocks) {
    ASSERT_EQ(block.span.begin, end);
    end = block.span.end + 1;
  }
  EXPECT_EQ(end, document.text.size());
}

}  // namespace
}  // namespace saseo
