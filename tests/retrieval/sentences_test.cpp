#include "retrieval/sentences.h"

#include <gtest/gtest.h>

#include <string>

namespace saseo {
namespace {

std::vector<std::string> sentences(std::string_view text) {
  std::vector<std::string> out;
  for (const ByteSpan& span : split_sentences(text)) {
    out.emplace_back(text.substr(span.begin, span.size()));
  }
  return out;
}

using Strings = std::vector<std::string>;

TEST(Sentences, EndAtFullStopsBeforeWhiteSpace) {
  EXPECT_EQ(sentences("전원을 켜세요. 불이 들어옵니다! 되었나요? 네."),
            (Strings{"전원을 켜세요.", "불이 들어옵니다!", "되었나요?", "네."}));
}

TEST(Sentences, KeepNumbersAndVersionsWhole) {
  EXPECT_EQ(sentences("깊이 1.5 m까지 견딥니다. 버전 4.2부터 됩니다."),
            (Strings{"깊이 1.5 m까지 견딥니다.", "버전 4.2부터 됩니다."}));
}

TEST(Sentences, KeepAbbreviationsInitialsAndStepNumbers) {
  EXPECT_EQ(sentences("Use a cable, e.g. USB-C. See No. 5. Then stop."),
            (Strings{"Use a cable, e.g. USB-C.", "See No. 5.", "Then stop."}));
  EXPECT_EQ(sentences("1. 전원을 켜세요. 끝."), (Strings{"1. 전원을 켜세요.", "끝."}));
}

TEST(Sentences, DoNotEndInsideBracketsOrQuotedSpeech) {
  EXPECT_EQ(sentences("이름을 적으세요(예: 오른손. 왼손). 끝입니다."),
            (Strings{"이름을 적으세요(예: 오른손. 왼손).", "끝입니다."}));
  EXPECT_EQ(sentences("“마쳤습니다.”라는 음성이 나옵니다. 손을 떼세요."),
            (Strings{"“마쳤습니다.”라는 음성이 나옵니다.", "손을 떼세요."}));
}

TEST(Sentences, TakeClosingQuotesAlong) {
  EXPECT_EQ(sentences("He said \"stop.\" Then left."),
            (Strings{"He said \"stop.\"", "Then left."}));
}

TEST(Sentences, LoseNoCharacter) {
  const std::string text = "  가나. 다라… 마바?! (사. 아) 3.5 V. \n 끝 ";
  std::string joined, expected;
  for (const std::string& sentence : sentences(text)) joined += sentence;
  for (const char c : text) {
    if (c != ' ' && c != '\n') expected.push_back(c);
  }
  std::erase(joined, ' ');
  EXPECT_EQ(joined, expected);
}

TEST(Sentences, OfNothingAreNone) {
  EXPECT_TRUE(split_sentences("").empty());
  EXPECT_TRUE(split_sentences(" \n ").empty());
}

}  // namespace
}  // namespace saseo
