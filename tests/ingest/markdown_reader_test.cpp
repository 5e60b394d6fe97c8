#include <gtest/gtest.h>

#include "ingest/text_readers.h"
#include "tests/ingest/block_dump.h"

namespace saseo {
namespace {

TEST(ReadMarkdown, GivesTheBlocksOfTheGoldenFile) {
  const Document document = read_markdown(read_test_file("markdown/device.md"));
  expect_sound(document);
  EXPECT_EQ(document.kind, DocumentKind::kMarkdown);
  EXPECT_EQ(dump_blocks(document), read_test_file("markdown/device.expected"));
}

TEST(ReadMarkdown, ReadsAManualOfThisRepositoryWhole) {
  std::ifstream file(std::string(SASEO_CORPORA) + "/vacuum/manual.md");
  std::ostringstream bytes;
  bytes << file.rdbuf();
  const Document document = read_markdown(bytes.str());
  expect_sound(document);
  EXPECT_EQ(document.info.product, "다온봇 R1");
  EXPECT_EQ(document.info.model_number, "DR-R100");
  EXPECT_EQ(document.info.language, Language::kKorean);
  EXPECT_EQ(document.text.find("[[#"), std::string::npos);
  EXPECT_EQ(document.text.find("{#"), std::string::npos);
  EXPECT_EQ(document.text.find(":::"), std::string::npos);
  EXPECT_EQ(document.text.find("**"), std::string::npos);
  int warnings_in_steps = 0;
  for (const Block& block : document.blocks) {
    warnings_in_steps += block.kind == BlockKind::kWarning && block.parent >= 0;
  }
  EXPECT_GT(warnings_in_steps, 3);
}

TEST(ReadMarkdown, TakesTheOnlyTopHeadingAsTitleAndKeepsIt) {
  const Document one = read_markdown("# 충전\n\n글\n\n## 유선\n\n글\n");
  EXPECT_EQ(one.info.title, "충전");
  ASSERT_EQ(one.blocks.size(), 4u);
  EXPECT_EQ(one.blocks[0].kind, BlockKind::kHeading);
  EXPECT_EQ(read_markdown("# 충전\n\n# 통화\n").info.title, "");
  EXPECT_EQ(read_markdown("글\n\n# 충전\n").info.title, "");
}

TEST(ReadMarkdown, LeavesAnUnclosedFrontMatterAsText) {
  const Document document = read_markdown("---\ntitle: x\n\n글\n");
  EXPECT_EQ(document.info.title, "");
  EXPECT_NE(document.text.find("글"), std::string::npos);
}

TEST(ReadMarkdown, NumbersStepsAsRenderedFromTheListsStart) {
  const Document document = read_markdown("4) a\n4) b\n4) c\n");
  ASSERT_EQ(document.blocks.size(), 3u);
  EXPECT_EQ(document.blocks[0].marker, "4)");
  EXPECT_EQ(document.blocks[2].marker, "6)");
}

TEST(ReadMarkdown, LeavesAReferenceToNoHeadingAsItIs) {
  const Document document = read_markdown("# 가 {#a}\n\n[[#b]] [[#a]] [[#a\n");
  EXPECT_EQ(document.text_of(document.blocks[1].span), "[[#b]] 「가」 [[#a");
}

TEST(ReadMarkdown, DropsInvisibleCharactersThatCouldHideInstructions) {
  const Document document = read_markdown("안\u200B전\u202E \U000E0041\U000E0042끝\n");
  EXPECT_EQ(document.text, "안전 끝\n");
}

TEST(ReadMarkdown, KeepsCodeBetweenColumnFencesAndInFences) {
  const Document document = read_markdown("```\n::: columns\n- - - -\n```\n");
  EXPECT_EQ(document.text, "::: columns\n- - - -\n");
}

TEST(ReadMarkdown, SurvivesHostileNestingInLinearTime) {
  for (const std::string_view piece : {">",
                                       "> ",
                                       "- ",
                                       "1. ",
                                       "[",
                                       "![",
                                       "![[]()",
                                       "*a ",
                                       "**a*",
                                       "_a",
                                       "<",
                                       "<?",
                                       "<!--",
                                       "<![CDATA[",
                                       "&",
                                       "`",
                                       "\\",
                                       "|",
                                       "[a](",
                                       "<a b=\"",
                                       "~~a",
                                       "[[#",
                                       "# a\n",
                                       "```\n",
                                       ":::\n",
                                       ">\n>a\n",
                                       "a\n===\n",
                                       "---\n",
                                       "1. a\n\n   > **Warning** x\n\n"}) {
    expect_sound(read_markdown(repeat(piece, 100'000) + "a\n"));
  }
}

TEST(ReadMarkdown, PartsATableThatAsksForMillionsOfEmptyCells) {
  const std::string bytes =
      repeat("|a", 5000) + "|\n" + repeat("|-", 5000) + "|\n" + repeat("|x\n", 20'000);
  const Document document = read_markdown(bytes);
  expect_sound(document);
  EXPECT_LT(document.text.size(), 4u << 20);
}

TEST(ReadMarkdown, KeepsAnOrdinaryLongTableInOnePiece) {
  const std::string bytes =
      "|부품|수량|\n|---|---|\n" + repeat("|나사를 조이는 긴 이름의 부품|12|\n", 5000);
  const Document document = read_markdown(bytes);
  ASSERT_EQ(document.blocks.size(), 5001u);
  EXPECT_EQ(document.blocks.back().kind, BlockKind::kTableRow);
  EXPECT_EQ(document.blocks.back().table, 0);
}

TEST(ReadMarkdown, SurvivesLongLinesNullsAndBadBytes) {
  const Document line = read_markdown(repeat("가나다 ", 100'000));
  expect_sound(line);
  EXPECT_GT(line.text.size(), 990'000u);
  expect_sound(read_markdown(std::string(1000, '\0') + "# a\n\0b"));
  const Document bad = read_markdown("# 제목\n\n\xFF\xFE\xFD 글\n");
  expect_sound(bad);
  ASSERT_EQ(bad.warnings.size(), 1u);
  EXPECT_EQ(bad.warnings[0].code, "bad-bytes");
  expect_sound(read_markdown(""));
}

}  // namespace
}  // namespace saseo
