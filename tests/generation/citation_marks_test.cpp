#include "generation/citation_marks.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

using Kind = CitationMark::Kind;

std::vector<int> numbers_of(std::string_view text) {
  const CitationMark mark = read_citation_mark(text);
  EXPECT_EQ(mark.kind, Kind::kWhole) << text;
  return mark.numbers;
}

TEST(CitationMarks, AreReadInEveryFormThatModelsWrite) {
  EXPECT_EQ(numbers_of("[1]"), (std::vector{1}));
  EXPECT_EQ(numbers_of("[1, 2]"), (std::vector{1, 2}));
  EXPECT_EQ(numbers_of("[1,2 ,10]"), (std::vector{1, 2, 10}));
  EXPECT_EQ(numbers_of("[1-3]"), (std::vector{1, 2, 3}));
  EXPECT_EQ(numbers_of("[2~4, 1]"), (std::vector{2, 3, 4, 1}));
  EXPECT_EQ(numbers_of("［２］"), (std::vector{2}));
  EXPECT_EQ(numbers_of("【1、3】"), (std::vector{1, 3}));
  EXPECT_EQ(numbers_of("[출처 2]"), (std::vector{2}));
  EXPECT_EQ(numbers_of("[대목: 2, 3]"), (std::vector{2, 3}));
  EXPECT_EQ(numbers_of("[Source 4]"), (std::vector{4}));
  EXPECT_EQ(numbers_of("[sources: 4]"), (std::vector{4}));
  EXPECT_EQ(numbers_of("[^1]"), (std::vector{1}));
  EXPECT_EQ(numbers_of("[1, 1]"), (std::vector{1}));
}

TEST(CitationMarks, TakeNoMoreThanTheirBrackets) {
  EXPECT_EQ(read_citation_mark("[12] 다음").size, 4u);
  EXPECT_EQ(read_citation_mark("［1］다음").size, std::string_view("［1］").size());
}

TEST(CitationMarks, LeaveOtherBracketsAlone) {
  for (const char* text : {"[설정]", "[확인", "[1단계]", "[]", "[ ]", "[Wi-Fi]", "[1.5]", "[1000]",
                           "[출처]", "[참]", "[refresh]"}) {
    EXPECT_EQ(read_citation_mark(text).kind, Kind::kNone) << text;
  }
}

TEST(CitationMarks, WaitForTheirEnd) {
  for (const char* text :
       {"[", "[1", "[1,", "[1, 2", "[1-", "[출", "[출처", "[출처 1", "［", "[so", "[Source"}) {
    EXPECT_EQ(read_citation_mark(text).kind, Kind::kPartial) << text;
  }
}

TEST(CitationMarks, DoNotWaitForever) {
  EXPECT_EQ(read_citation_mark("[" + std::string(200, '1')).kind, Kind::kNone);
  EXPECT_EQ(read_citation_mark("[" + std::string(200, ' ')).kind, Kind::kNone);
}

TEST(CitationMarks, GoFromATextWithTheSpacesBeforeThem) {
  EXPECT_EQ(without_citations("1. 누르세요. [1][2]\n2. [설정]을 여세요 [3]."),
            "1. 누르세요.\n2. [설정]을 여세요.");
}

}  // namespace
}  // namespace saseo
