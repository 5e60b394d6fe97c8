#include "eval/metrics/chrf.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/eval/reference_cases.h"

namespace saseo::eval {
namespace {

using Texts = std::vector<std::string>;

TEST(Chrf, OfSingleAnswersEqualsSacreBleuOnTheTableOfCases) {
  for (const ReferenceCase& c : reference_cases()) {
    EXPECT_NEAR(chrf_score(chrf_counts(c.answer, c.references)), c.scores["chrf2pp"].get<double>(),
                kPointDigits)
        << c.scores;
  }
}

TEST(Chrf, OfACorpusEqualsSacreBleu) {
  std::ifstream in(SASEO_TEST_DATA "/reference_corpus.json");
  const nlohmann::json corpus = nlohmann::json::parse(in);
  ChrfCounts sum;
  for (const ReferenceCase& c : reference_cases())
    sum += chrf_counts(c.answer, Texts{c.references.front()});
  EXPECT_NEAR(chrf_score(sum), corpus["chrf2pp"].get<double>(), kPointDigits);
  EXPECT_EQ(chrf_signature(1), corpus["chrf_signature"].get<std::string>() + "+saseo");
}

// By hand, "aa" for "ab": characters p = r = (1/2 + 0) / 2, words p = r = 0; three orders.
TEST(Chrf, IsTheMeanOfOrdersThatBothHave) {
  EXPECT_NEAR(chrf_score(chrf_counts("aa", Texts{"ab"})), 100.0 * 0.5 / 3, kPointDigits);
  EXPECT_EQ(chrf_score(chrf_counts("", Texts{"reference"})), 0);
  EXPECT_NEAR(chrf_score(chrf_counts("무선 충전", Texts{"무선 충전"})), 100, kPointDigits);
}

TEST(Chrf, OfALongTextEndsSoon) {
  std::string text;
  while (text.size() < 1'000'000)
    text += "가나다라마바사아자차카타파하 " + std::to_string(text.size());
  EXPECT_NEAR(chrf_score(chrf_counts(text.substr(0, 100'000), Texts{text.substr(0, 100'000)})), 100,
              kPointDigits);
}

}  // namespace
}  // namespace saseo::eval
