#include <gtest/gtest.h>

#include "ingest/text_headings.h"
#include "ingest/text_readers.h"
#include "tests/ingest/block_dump.h"

namespace saseo {
namespace {

TEST(ReadText, GivesTheBlocksOfTheGoldenFile) {
  const Document document = read_text(read_test_file("text/device.txt"));
  expect_sound(document);
  EXPECT_EQ(document.kind, DocumentKind::kText);
  EXPECT_EQ(dump_blocks(document), read_test_file("text/device.expected"));
}

TEST(NumberedHeading, KnowsChaptersSectionsAndDepth) {
  EXPECT_EQ(numbered_heading_level("제1장 안전", false), 1);
  EXPECT_EQ(numbered_heading_level("제 2 절 충전", false), 2);
  EXPECT_EQ(numbered_heading_level("Chapter 3 Setup", false), 1);
  EXPECT_EQ(numbered_heading_level("부록 A", false), 1);
  EXPECT_EQ(numbered_heading_level("Ⅱ. 설치", false), 1);
  EXPECT_EQ(numbered_heading_level("3.2 배터리 관리", false), 2);
  EXPECT_EQ(numbered_heading_level("3.2.1 배터리 갈기", true), 3);
  EXPECT_EQ(numbered_heading_level("3. 배터리", true), 1);
}

TEST(NumberedHeading, LeavesStepsQuantitiesAndSentencesAlone) {
  EXPECT_EQ(numbered_heading_level("3. 배터리", false), 0);
  EXPECT_EQ(numbered_heading_level("1. 전원을 켭니다.", true), 0);
  EXPECT_EQ(numbered_heading_level("3.5 kg", false), 0);
  EXPECT_EQ(numbered_heading_level("2.4 GHz 대역을 씁니다.", true), 0);
  EXPECT_EQ(numbered_heading_level("제1장은 안전을 다룹니다", false), 0);
  EXPECT_EQ(numbered_heading_level("2024 년형", true), 0);
  EXPECT_EQ(numbered_heading_level("1.2.3", true), 0);
  EXPECT_EQ(numbered_heading_level("", true), 0);
}

TEST(ReadText, JoinsHardWrappedLinesOfAParagraph) {
  EXPECT_EQ(read_text("첫 줄은 여기서\n끝나지 않고 이어집니다.\n\n다음 문단.\n").text,
            "첫 줄은 여기서 끝나지 않고 이어집니다.\n다음 문단.\n");
}

TEST(ReadText, GivesTheSameBlocksInEveryCharset) {
  const std::string utf8 = "제1장 안전\r\n\r\n경고: 뜨겁습니다.\r\n";
  const std::string expected = dump_blocks(read_text(utf8));
  std::string little = "\xFF\xFE", big;
  for (const char32_t c : to_utf32(utf8)) {
    little += {static_cast<char>(c & 0xFF), static_cast<char>(c >> 8)};
    big += {static_cast<char>(c >> 8), static_cast<char>(c & 0xFF)};
  }
  EXPECT_EQ(dump_blocks(read_text(little)), expected);
  EXPECT_EQ(dump_blocks(read_text(big)), expected);
  const std::string cp949 =
      "\xC1\xA6\x31\xC0\xE5 \xBE\xC8\xC0\xFC\n\n\xB0\xE6\xB0\xED: "
      "\xB6\xDF\xB0\xCC\xBD\xC0\xB4\xCF\xB4\xD9.\n";
  EXPECT_EQ(dump_blocks(read_text(cp949)), expected);
}

TEST(ReadText, AttachesTheWarningBetweenTwoStepsToTheFirst) {
  const Document document =
      read_text("1. 켭니다.\n\n경고: 뜨겁습니다.\n\n2. 끕니다.\n\n경고: 끝.\n");
  ASSERT_EQ(document.blocks.size(), 4u);
  EXPECT_EQ(document.blocks[1].kind, BlockKind::kWarning);
  EXPECT_EQ(document.blocks[1].parent, 0);
  EXPECT_EQ(document.blocks[3].parent, -1);
}

TEST(ReadText, SurvivesHostileInput) {
  for (const std::string_view piece :
       {"a",        "a b\n",  "1. a\n", "1.",       "a   ", "*",  "[!", "\x01\x02", "\xFF\xFE\xFD",
        "- ",       "===\n",  "a: b\n", "가. 나\n", "①",    "\t", "|",  "\n",       "\r",
        "a\n---\n", "a\u0301"}) {
    expect_sound(read_text(repeat(piece, 50'000)));
  }
  std::string stairs;
  for (std::size_t i = 0; i < 1000; ++i) stairs += std::string(i, ' ') + "- a\n";
  expect_sound(read_text(stairs));
  expect_sound(read_text(""));
}

}  // namespace
}  // namespace saseo
