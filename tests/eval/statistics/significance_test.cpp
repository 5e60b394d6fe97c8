#include "eval/statistics/significance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "eval/statistics/random_stream.h"

namespace saseo::eval {
namespace {

// Heights of 15 pairs of maize, crossed less self-fertilised, in eighths of an inch: Darwin 1876,
// as in Fisher, "The Design of Experiments", 1935, section 21.
const std::vector<double> kDarwin = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};

std::vector<double> random_differences(std::size_t count, std::uint64_t seed) {
  RandomStream random(seed);
  std::vector<double> differences(count);
  for (double& difference : differences) difference = random.uniform() - 0.4;
  return differences;
}

// Airway hyper-responsiveness before and after stem cell transplantation (1 and 7 of 21 patients
// changed), as in Fagerland, Lydersen and Laake 2013, table 1.
TEST(McNemar, GivesThePublishedValuesForATableWithFewChanges) {
  EXPECT_NEAR(mcnemar_exact(1, 7), 0.0703, 5e-5);
  EXPECT_NEAR(mcnemar_mid_p(1, 7), 0.0391, 5e-5);
}

// Response before and after consolidation therapy (6 and 16 of 161): as the R package
// contingencytables of the same authors computes it (tests of its chapter 8).
TEST(McNemar, GivesThePublishedValuesForALargerTable) {
  EXPECT_NEAR(mcnemar_exact(6, 16), 0.052479, 5e-7);
  EXPECT_NEAR(mcnemar_mid_p(6, 16), 0.034690, 5e-7);
}

TEST(McNemar, DoesNotCareWhichIsFirst) {
  EXPECT_EQ(mcnemar_mid_p(3, 11), mcnemar_mid_p(11, 3));
  EXPECT_EQ(mcnemar_exact(3, 11), mcnemar_exact(11, 3));
}

TEST(McNemar, ShowsNothingWithoutDifferencesOrWithEqualOnes) {
  EXPECT_EQ(mcnemar_exact(0, 0), 1);
  EXPECT_EQ(mcnemar_mid_p(0, 0), 1);
  EXPECT_EQ(mcnemar_exact(4, 4), 1);
  EXPECT_GT(mcnemar_mid_p(4, 4), 0.8);
}

TEST(McNemar, TakesManyQuestions) {
  EXPECT_LT(mcnemar_mid_p(4800, 5200), 1e-4);
  EXPECT_GT(mcnemar_mid_p(4990, 5010), 0.8);
}

// Fisher counts 863 of the 32,768 assignments as large as the 314 observed, so 1,726 as far from 0.
TEST(SignFlipTest, CountsWhatFisherCountedOnDarwinsData) {
  EXPECT_DOUBLE_EQ(sign_flip_test(kDarwin), 1726.0 / 32768);
}

TEST(SignFlipTest, DrawsNearTheEnumeratedValue) {
  const double drawn = sign_flip_test(kDarwin, {.resamples = 40000, .enumerate_up_to = 0});
  EXPECT_NEAR(drawn, 1726.0 / 32768, 0.004);  // 3.6 standard errors.
  EXPECT_NE(drawn, 1726.0 / 32768);
}

TEST(SignFlipTest, EnumeratesAsTheDefinitionSays) {
  const std::vector<double> differences = random_differences(11, 5);
  const double observed =
      std::abs(std::accumulate(differences.begin(), differences.end(), 0.0)) - 1e-9;
  int as_far = 0;
  for (int signs = 0; signs < 2048; ++signs) {
    double sum = 0;
    for (int i = 0; i < 11; ++i) {
      const double difference = differences[static_cast<std::size_t>(i)];
      sum += ((signs >> i) & 1) != 0 ? difference : -difference;
    }
    as_far += std::abs(sum) >= observed ? 1 : 0;
  }
  EXPECT_DOUBLE_EQ(sign_flip_test(differences), as_far / 2048.0);
}

TEST(SignFlipTest, IsMcNemarsExactTestOnYesAndNo) {
  std::vector<double> differences(40, 0.0);
  for (std::size_t i = 0; i < 12; ++i) differences[3 * i] = i < 2 ? -1 : 1;
  EXPECT_NEAR(sign_flip_test(differences), mcnemar_exact(2, 10), 1e-12);
}

TEST(SignFlipTest, DoesNotCareForOrderOrScale) {
  std::vector<double> thirds = {1.0 / 3, -2.0 / 3, 1.0 / 3, 1, 1.0 / 3, -1.0 / 3, 2.0 / 3};
  const double p = sign_flip_test(thirds);
  std::reverse(thirds.begin(), thirds.end());
  EXPECT_EQ(sign_flip_test(thirds), p);
  for (double& difference : thirds) difference *= 100;
  EXPECT_EQ(sign_flip_test(thirds), p);
}

TEST(SignFlipTest, RepeatsWithItsSeed) {
  const std::vector<double> differences = random_differences(60, 8);
  const double p = sign_flip_test(differences, {.seed = 3});
  EXPECT_EQ(sign_flip_test(differences, {.seed = 3}), p);
  EXPECT_NE(sign_flip_test(differences, {.seed = 4}), p);
  EXPECT_NEAR(sign_flip_test(differences, {.seed = 4}), p, 0.02);
}

TEST(SignFlipTest, IsNeverNoughtAndOneWithoutDifferences) {
  EXPECT_EQ(sign_flip_test(std::vector<double>(50, 1.0), {.resamples = 999}), 0.001);
  EXPECT_EQ(sign_flip_test(std::vector<double>(50, 0.0)), 1);
  EXPECT_EQ(sign_flip_test({}), 1);
  EXPECT_EQ(sign_flip_test(std::vector<double>{0.7}), 1);
}

// "Holm-Bonferroni method", Wikipedia, example: of these at 5 % the fourth and the first are
// rejected.
TEST(Holm, RejectsAsTheTextbookExample) {
  const std::vector<double> adjusted = holm_adjusted(std::vector{0.01, 0.04, 0.03, 0.005});
  const std::vector<double> expected = {0.03, 0.06, 0.06, 0.02};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(adjusted[i], expected[i], 1e-12);
}

// The examples of R's p.adjust(p, "holm") in the help of the packages kim and Dmisc.
TEST(Holm, AdjustsAsR) {
  const std::vector<double> adjusted =
      holm_adjusted(std::vector{0.042, 0.001, 0.031, 0.014, 0.007});
  const std::vector<double> expected = {0.062, 0.005, 0.062, 0.042, 0.028};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(adjusted[i], expected[i], 1e-12);
  for (const double p : holm_adjusted(std::vector{0.05, 0.05, 0.05})) EXPECT_NEAR(p, 0.15, 1e-12);
}

TEST(Holm, StaysAtMostOneAndTakesNone) {
  for (const double p : holm_adjusted(std::vector{0.9, 0.5, 0.6})) EXPECT_EQ(p, 1);
  EXPECT_TRUE(holm_adjusted({}).empty());
}

}  // namespace
}  // namespace saseo::eval
