#include "eval/metrics/rouge.h"

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "eval/metrics/common_subsequence.h"
#include "tests/eval/reference_cases.h"

namespace saseo::eval {
namespace {

void expect_score(const RougeScore& score, double precision, double recall, double f1) {
  EXPECT_NEAR(score.precision, precision, kShareDigits);
  EXPECT_NEAR(score.recall, recall, kShareDigits);
  EXPECT_NEAR(score.f1, f1, kShareDigits);
}

RougeScores porter(std::string_view answer, const std::string& reference) {
  return rouge(answer, std::vector{reference}, RougeTokens::kPorter);
}

TEST(Rouge, EqualsTheRougeScorePackageOnTheTableOfCases) {
  for (const ReferenceCase& c : reference_cases()) {
    SCOPED_TRACE(c.scores.dump());
    const RougeScores scores = rouge(c.answer, c.references, RougeTokens::kPorter);
    const auto expect = [&](const RougeScore& score, const char* name) {
      const nlohmann::json& wanted = c.scores[name];
      expect_score(score, wanted[0], wanted[1], wanted[2]);
    };
    expect(scores.rouge_1, "rouge1");
    expect(scores.rouge_2, "rouge2");
    expect(scores.rouge_l, "rougeL");
  }
}

// rouge_scorer_test.py of rouge-score: testRouge1, testRouge2, testRougeLConsecutive,
// testRougeLNonConsecutive, testRougeEmpty.
TEST(Rouge, GivesTheValuesOfThePackagesTests) {
  expect_score(porter("testing", "testing one two").rouge_1, 1, 1.0 / 3, 0.5);
  expect_score(porter("testing one", "testing one two").rouge_2, 1, 0.5, 2.0 / 3);
  expect_score(porter("testing one", "testing one two").rouge_l, 1, 2.0 / 3, 0.8);
  expect_score(porter("testing two", "testing one two").rouge_l, 1, 2.0 / 3, 0.8);
  expect_score(porter("", "testing one two").rouge_l, 0, 0, 0);
}

// rouge_scorer_test.py, testRouge1AgainstRouge155WithStemming, testRouge2AgainstRouge155With-
// Stemming: values of ROUGE-1.5.5.pl -m on the second pair of its testdata.
TEST(Rouge, EqualsTheOriginalPerlScript) {
  const RougeScores scores = porter(
      "n cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMer pstion sbKao Q m qier LMmed HqqLFXe,XPY,J "
      "XsurkMeo ,ed nB'wH'bWVHjWFEer tQ.saefZwJtKrTlixYpMMNJtion UCAPwNHeYVjD",
      "KsJdPByEtAor fE-Qg Dpdbring cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMtion psing sbKao Q "
      "m "
      "qiing LMmer HqqLFXe,XPY,J XsurkMer ,ed nB'wH'bWVHjWFEing tQ.saefZwJtKrTlixYpMMsJing "
      "UCAPwNHeYVjDing c T BUySKtion gMPfJpwGw p'NvxAoping eu pBwMBKV'I DNxqelhu,PHPxDEq,mtion SN");
  expect_score(scores.rouge_1, 0.69231, 0.42857, 0.52941);
  expect_score(scores.rouge_2, 0.48000, 0.29268, 0.36364);
}

// Lin 2004, section 3.1: of "police killed the gunman", "police kill the gunman" has ROUGE-L 3/4
// and "the gunman kill police" 2/4. (Stems would make the first equal.)
TEST(Rouge, OrdersThePapersExampleAsThePaperDoes) {
  const std::vector<std::u32string> reference = {U"police", U"killed", U"the", U"gunman"};
  const std::vector<std::u32string> second = {U"police", U"kill", U"the", U"gunman"};
  const std::vector<std::u32string> third = {U"the", U"gunman", U"kill", U"police"};
  EXPECT_DOUBLE_EQ(rouge_of_tokens(second, reference).rouge_l.f1, 0.75);
  EXPECT_DOUBLE_EQ(rouge_of_tokens(third, reference).rouge_l.f1, 0.5);
}

TEST(Rouge, OverStemsHeedsNoParticles) {
  Analyzer analyzer;
  const std::vector<std::string> reference = {"배터리를 충전기로 충전"};
  const RougeScores same = rouge("배터리 충전기 충전", reference, RougeTokens::kStems, &analyzer);
  const RougeScores other = rouge("먼지통을 물로 청소", reference, RougeTokens::kStems, &analyzer);
  EXPECT_GE(same.rouge_1.precision, 0.99);
  EXPECT_EQ(other.rouge_1.f1, 0);
}

TEST(Rouge, OverCharactersHeedsNoSpacesAndNoNormalForm) {
  const std::vector<std::string> reference = {"무선 충전, 25 W."};
  const RougeScores scores =
      rouge("\u1106\u116E\u1109\u1165\u11AB충전 25Ｗ", reference, RougeTokens::kCharacters);
  EXPECT_DOUBLE_EQ(scores.rouge_2.f1, 1);
  EXPECT_DOUBLE_EQ(scores.rouge_l.f1, 1);
}

TEST(CommonSubsequence, EqualsTheTableOfAllPrefixes) {
  std::uint32_t seed = 7;
  const auto next = [&] { return seed = seed * 1'664'525u + 1'013'904'223u; };
  for (int round = 0; round < 60; ++round) {
    std::u32string a(next() >> 24, U'\0'), b(next() >> 24, U'\0');
    const std::uint32_t kinds = 1 + (next() >> 24) % (round % 2 == 0 ? 3 : 90);
    for (char32_t& c : a) c = (next() >> 16) % kinds;
    for (char32_t& c : b) c = (next() >> 16) % kinds;
    std::vector<std::vector<std::size_t>> table(a.size() + 1,
                                                std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 1; i <= a.size(); ++i) {
      for (std::size_t j = 1; j <= b.size(); ++j) {
        table[i][j] = a[i - 1] == b[j - 1] ? table[i - 1][j - 1] + 1
                                           : std::max(table[i - 1][j], table[i][j - 1]);
      }
    }
    EXPECT_EQ(common_subsequence_length(a, b), table.back().back());
  }
}

TEST(CommonSubsequence, OfTwoLongEqualTextsEndsSoon) {
  const std::u32string same(1'000'000, U'a');
  EXPECT_EQ(common_subsequence_length(same, same), kMaxSubsequenceTokens);
}

}  // namespace
}  // namespace saseo::eval
