// Small parts of the command line: page ranges, batch lines, snippets, progress, JSON text.
#include <gtest/gtest.h>

#include "cli/views/answer_view.h"
#include "cli/commands/batch.h"
#include "cli/terminal/exit_code.h"
#include "app/json/json_output.h"
#include "cli/terminal/progress.h"
#include "cli/views/snippet.h"

namespace saseo::cli {
namespace {

TEST(ParsePages, TakesOnePageARangeAndOpenEnds) {
  EXPECT_EQ(*parse_pages("12"), std::pair(12, 12));
  EXPECT_EQ(*parse_pages("10-20"), std::pair(10, 20));
  EXPECT_EQ(*parse_pages("10-"), std::pair(10, 0));
  EXPECT_EQ(*parse_pages("-20"), std::pair(0, 20));
  for (const char* wrong : {"", "-", "0", "5-3", "a", "1-b", "1-2-3", "99999999999"})
    EXPECT_FALSE(parse_pages(wrong).ok()) << wrong;
}

TEST(BatchLine, TakesItsOwnFiltersAndKeepsTheOthersOfTheCommandLine) {
  FilterArguments given;
  given.product = "K1";
  given.language = "ko";
  BatchLine line;
  ASSERT_TRUE(parse_batch_line(R"({"id": 7, "question": "q", "product": "L2", "document": [1, "a"],
                                   "pages": "1-2"})",
                               given, line)
                  .ok());
  EXPECT_EQ(line.id, 7);
  EXPECT_EQ(line.question, "q");
  EXPECT_EQ(line.filter.product, "L2");
  EXPECT_EQ(line.filter.language, "ko");
  EXPECT_EQ(line.filter.pages, "1-2");
  EXPECT_EQ(line.filter.documents, (std::vector<std::string>{"1", "a"}));
}

TEST(BatchLine, KeepsTheIdOfALineThatIsOff) {
  BatchLine line;
  const Status status = parse_batch_line(R"({"id": "q9", "question": 3})", {}, line);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kBadInput);
  EXPECT_EQ(line.id, "q9");
  for (const char* wrong : {"", "[]", "{", "3", R"({"question": "q", "product": 1})",
                            R"({"question": "q", "document": {}})"})
    EXPECT_FALSE(parse_batch_line(wrong, {}, line).ok()) << wrong;
}

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

TEST(ProgressLine, FitsTheTerminalAndTellsPagesAndTimeLeft) {
  IngestProgress progress{2, 4, "/m/manual.pdf", 30, 60, 100, 2.0};
  const std::string line = progress_line(progress, 100);
  EXPECT_NE(line.find("38%"), std::string::npos) << line;
  EXPECT_NE(line.find("manual.pdf"), std::string::npos) << line;
  EXPECT_NE(line.find("30/60"), std::string::npos) << line;
  EXPECT_NE(line.find("65 pages/s"), std::string::npos) << line;
  EXPECT_NE(line.find("4 s left"), std::string::npos) << line;
  EXPECT_LE(display_width(progress_line(progress, 40)), 40u);
}

TEST(PageWords, NamesTheFilesPageWhereThePrintedOneDiffers) {
  EXPECT_EQ(page_words(22, "16"), "p. 16 (page 22 of the file)");
  EXPECT_EQ(page_words(22, "22"), "p. 22");
  EXPECT_EQ(page_words(0, ""), "");
}

TEST(JsonOutput, DumpsBytesThatAreNoUtf8) {
  EXPECT_EQ(dump({{"text", "\xFF"}}), "{\"text\":\"\xEF\xBF\xBD\"}");
}

TEST(JsonOutput, HasNoPageWhereADocumentHasNone) {
  Answer answer;
  answer.citations.push_back({.number = 1});
  answer.context.passages.push_back({.number = 1});
  const Json json = answer_json(answer);
  EXPECT_TRUE(json["citations"][0]["page"].is_null());
  EXPECT_TRUE(json["citations"][0]["page_label"].is_null());
  EXPECT_TRUE(json["passages"][0]["page"].is_null());
}

TEST(ExitCode, FollowsTheKindOfError) {
  EXPECT_EQ(exit_code_of(ErrorCode::kInvalidArgument), 2);
  EXPECT_EQ(exit_code_of(ErrorCode::kNotFound), 3);
  EXPECT_EQ(exit_code_of(ErrorCode::kIo), 3);
  EXPECT_EQ(exit_code_of(ErrorCode::kDiskFull), 1);
  EXPECT_EQ(exit_code_of(ErrorCode::kDamaged), 5);
  EXPECT_EQ(exit_code_of(ErrorCode::kLocked), 5);
  EXPECT_EQ(exit_code_of(ErrorCode::kTooNew), 5);
  EXPECT_EQ(exit_code_of(ErrorCode::kCancelled), 130);
}

}  // namespace
}  // namespace saseo::cli
