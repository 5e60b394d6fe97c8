#include "index/analyzer.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace saseo {
namespace {

bool has(const std::vector<std::string>& terms, std::string_view term) {
  return std::ranges::find(terms, term) != terms.end();
}

class AnalyzerTest : public ::testing::Test {
 protected:
  // One dictionary for all tests: loading it takes a fifth of a second.
  static Analyzer& analyzer() {
    static Analyzer instance;
    return instance;
  }
};

TEST_F(AnalyzerTest, ABareNounFindsTheNounWithItsParticle) {
  const Terms noun = analyzer().analyze("배터리"), with_particle = analyzer().analyze("배터리를");
  ASSERT_FALSE(noun.stems.empty());
  EXPECT_TRUE(has(with_particle.stems, "배터리"));
  EXPECT_TRUE(has(with_particle.bigrams, "배터"));
  EXPECT_TRUE(has(with_particle.bigrams, "터리"));
}

TEST_F(AnalyzerTest, AVerbMadeOfANounGivesTheNoun) {
  const Terms terms = analyzer().analyze("충전하려면");
  EXPECT_TRUE(has(terms.stems, "충전하다"));
  EXPECT_TRUE(has(terms.stems, "충전"));
}

TEST_F(AnalyzerTest, EndingsOfVerbsGiveNoBigrams) {
  const Terms terms = analyzer().analyze("설정합니다");
  EXPECT_TRUE(has(terms.bigrams, "설정"));
  EXPECT_FALSE(has(terms.bigrams, "니다"));
}

TEST_F(AnalyzerTest, AnUnknownWordStaysWholeAndLosesItsParticle) {
  const Terms terms = analyzer().analyze("다온폰에서");
  EXPECT_TRUE(has(terms.stems, "다온폰에서"));
  EXPECT_TRUE(has(terms.stems, "다온폰"));
}

TEST_F(AnalyzerTest, SpacingDoesNotPartCompounds) {
  const Terms apart = analyzer().analyze("무선 충전"), joined = analyzer().analyze("무선충전");
  for (const std::string& bigram : joined.bigrams)
    EXPECT_TRUE(has(apart.bigrams, bigram)) << bigram;
}

TEST_F(AnalyzerTest, ASentenceEndBreaksTheChainOfBigrams) {
  EXPECT_FALSE(has(analyzer().analyze("무선. 충전").bigrams, "선충"));
}

TEST_F(AnalyzerTest, EnglishIsStemmedWithoutStopWords) {
  const Terms terms = analyzer().analyze("How do I connect the chargers");
  EXPECT_TRUE(has(terms.stems, "charger"));
  EXPECT_TRUE(has(terms.stems, "connect"));
  EXPECT_FALSE(has(terms.stems, "the"));
  EXPECT_FALSE(has(terms.stems, "how"));
}

TEST_F(AnalyzerTest, CodesMatchHoweverTheyAreWritten) {
  const Terms indexed = analyzer().analyze("E-21 본체 과열");
  for (const char* question :
       {"E-21", "E21", "e 21 오류", "에러 21", "오류 코드 21번", "에러코드 021"}) {
    const Terms asked = analyzer().analyze_question(question);
    const bool meets = std::ranges::any_of(asked.stems, [&](const std::string& term) {
      return (term == "e21" || term == "errcode21") && has(indexed.stems, term);
    });
    EXPECT_TRUE(meets || has(asked.stems, "21")) << question;
  }
  EXPECT_TRUE(has(analyzer().analyze_question("에러 21").stems, "errcode21"));
  EXPECT_FALSE(has(analyzer().analyze_question("21 쪽").stems, "errcode21"));
}

TEST_F(AnalyzerTest, WidthAndCaseDoNotMatter) {
  EXPECT_EQ(analyzer().analyze("ＵＳＢ-C").stems, analyzer().analyze("usb-c").stems);
}

TEST_F(AnalyzerTest, HostileTextGivesTermsOfLettersAndDigitsOnly) {
  const std::string text =
      std::string("\xFF\xFE 가\x01나 ") + std::string(100'000, 'x') + " \"'*(){}";
  const Terms terms = analyzer().analyze(text);
  for (const std::string& term : terms.stems) {
    EXPECT_EQ(term.find_first_of(" \"'*(){}"), std::string::npos);
    EXPECT_LE(term.size(), 300u);
  }
}

}  // namespace
}  // namespace saseo
