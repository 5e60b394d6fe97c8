#include "eval/metrics/squad_score.h"

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "tests/eval/reference_cases.h"

namespace saseo::eval {
namespace {

TEST(SquadScore, EqualsTheScriptOfVersion2OnTheTableOfCases) {
  for (const ReferenceCase& c : reference_cases()) {
    const AnswerMatch match = squad_score(c.answer, c.references);
    EXPECT_EQ(match.exact, c.scores["squad_em"].get<double>()) << c.scores;
    EXPECT_NEAR(match.f1, c.scores["squad_f1"].get<double>(), kShareDigits) << c.scores;
  }
}

TEST(KorquadScore, EqualsTheScriptOfVersion1OnTheTableOfCases) {
  for (const ReferenceCase& c : reference_cases()) {
    const AnswerMatch match = korquad_score(c.answer, c.references);
    EXPECT_EQ(match.exact, c.scores["korquad_em"].get<double>()) << c.scores;
    EXPECT_NEAR(match.f1, c.scores["korquad_f1"].get<double>(), kShareDigits) << c.scores;
  }
}

TEST(SquadScore, HeedsNeitherCaseNorPunctuationNorArticles) {
  EXPECT_EQ(to_utf8(squad_normalized("  The Quick,  brown-fox: an ÉTÉ! ")), "quick brownfox été");
  EXPECT_EQ(squad_score("the 25-W Charger.", std::vector<std::string>{"25W charger"}).exact, 1);
  // Shared 2 of 4 and of 3 words: p 0.5, r 0.6667.
  EXPECT_NEAR(
      squad_score("press the power button twice", std::vector<std::string>{"hold power button"}).f1,
      4.0 / 7, kShareDigits);
}

TEST(SquadScore, ArticlesInsideWordsStay) {
  EXPECT_EQ(to_utf8(squad_normalized("theater a는 ana")), "theater a는 ana");
}

TEST(SquadScore, TakesTheBestReference) {
  const std::vector<std::string> references = {"three", "10 seconds", "ten"};
  EXPECT_EQ(squad_score("10 seconds.", references).exact, 1);
  EXPECT_EQ(squad_score("10 seconds.", {}).f1, 0);
}

TEST(KorquadScore, CountsCharactersSoThatAParticleCostsLittle) {
  const std::vector<std::string> reference = {"무선 충전"};
  // 4 of 5 and of 4 characters: p 0.8, r 1.
  EXPECT_NEAR(korquad_score("무선충전을", reference).f1, 2 * 0.8 / 1.8, kShareDigits);
  EXPECT_EQ(korquad_score("무선충전을", reference).exact, 0);
  EXPECT_EQ(korquad_score("《무선》 ‘충전’!", reference).exact, 1);
}

TEST(AnswerMatch, OfBrokenBytesIsANumber) {
  const std::vector<std::string> reference = {"\xED\xA0\x80 a"};
  EXPECT_EQ(squad_score("\xFF\xC0", reference).exact, 0);
  EXPECT_GE(korquad_score("\xFF\xC0", reference).f1, 0);
}

}  // namespace
}  // namespace saseo::eval
