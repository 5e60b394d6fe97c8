#include "eval/report/word_diff.h"

#include <gtest/gtest.h>

#include <string>

namespace saseo::eval {
namespace {

// The pieces with "|" between them; citations in braces.
std::string shown(std::string_view answer) {
  std::string text;
  for (const AnswerPiece& piece : pieces_of(answer)) {
    const std::string part(answer.substr(piece.span.begin, piece.span.size()));
    text += (text.empty() ? "" : "|") +
            (piece.citation > 0 ? "{" + std::to_string(piece.citation) + "}" : part);
  }
  return text;
}

TEST(PiecesOf, TellsWordsFromCitations) {
  EXPECT_EQ(shown("충전하세요. [1][12]\n다음[2]."), "충전하세요.|{1}|{12}|다음|{2}|.");
  EXPECT_EQ(shown("[0] [x] [1 [ []"), "[0]|[x]|[1|[|[]");
  EXPECT_EQ(shown("[-1] [99999999999] [1"), "[-1]|[99999999999]|[1");
  EXPECT_EQ(shown(" \n"), "");
}

using Views = std::vector<std::string_view>;

TEST(WordsLacking, AreThoseOutsideOfTheLongestCommonSubsequence) {
  EXPECT_EQ(words_lacking({"a", "b", "c", "d"}, {"b", "x", "d"}),
            (std::vector{true, false, true, false}));
  EXPECT_EQ(words_lacking({"a"}, {}), std::vector{true});
  EXPECT_EQ(words_lacking({}, {"a"}), std::vector<bool>{});
  // In another order: one of the two stays.
  EXPECT_EQ(words_lacking({"a", "b"}, {"b", "a"}), (std::vector{true, false}));
}

TEST(WordsLacking, PassesOverCaseAndPunctuationAtTheEnd) {
  EXPECT_EQ(words_lacking({"Settings,", "Display."}, {"settings", "display"}),
            (std::vector{false, false}));
  EXPECT_EQ(words_lacking({"."}, {","}), std::vector{true});
}

TEST(WordsLacking, OfVeryLongTextsAreThoseTheOtherLacksAtAll) {
  const Views text(2000, "a");
  Views other(2000, "b");
  other.back() = "a";
  EXPECT_EQ(words_lacking(text, other), std::vector(2000, false));
}

}  // namespace
}  // namespace saseo::eval
