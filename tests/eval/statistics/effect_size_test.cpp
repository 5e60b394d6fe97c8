#include "eval/statistics/effect_size.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "eval/statistics/confidence_interval.h"

namespace saseo::eval {
namespace {

TEST(Wins, HeedTheDirectionOfTheMetric) {
  const std::vector<double> first = {0.5, 0.5, 0.5, 0.5}, second = {0.6, 0.5, 0.4, 0.9};
  const WinsTiesLosses higher = count_wins(first, second, true);
  EXPECT_EQ(higher.wins, 2u);
  EXPECT_EQ(higher.ties, 1u);
  EXPECT_EQ(higher.losses, 1u);
  const WinsTiesLosses lower = count_wins(first, second, false);
  EXPECT_EQ(lower.wins, 1u);
  EXPECT_EQ(lower.losses, 2u);
}

TEST(Wins, DoNotCountRounding) {
  const std::vector<double> first = {0.1 + 0.2}, second = {0.3};
  EXPECT_EQ(count_wins(first, second, true).ties, 1u);
}

// Darwin's pairs (significance_test.cpp): mean 20.933, standard deviation 37.744 (Fisher 1935).
TEST(EffectSize, IsTheMeanInStandardDeviations) {
  const std::vector<double> darwin = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
  EXPECT_NEAR(mean_of(darwin), 20.9333, 1e-4);
  EXPECT_NEAR(standard_deviation_of(darwin), 37.744, 1e-3);
  EXPECT_NEAR(effect_size_of(darwin), 20.9333 / 37.744, 1e-4);
}

TEST(EffectSize, IsNoughtWhereNothingVaries) {
  EXPECT_EQ(effect_size_of(std::vector<double>(5, 0.25)), 0);
  EXPECT_EQ(effect_size_of(std::vector<double>{0.25}), 0);
  EXPECT_EQ(effect_size_of({}), 0);
}

// Cohen 1988, and G*Power: 34 pairs show d = 0.5 with a power of 80 %, 199 show
// d = 0.2.
TEST(SmallestDifference, AsksForAsManyPairsAsTheTablesOfPower) {
  EXPECT_LE(smallest_difference(1, 34), 0.5);
  EXPECT_GT(smallest_difference(1, 32), 0.5);
  EXPECT_NEAR(smallest_difference(1, 199), 0.2, 0.001);
  EXPECT_NEAR(smallest_difference(0.3, 199), 0.06, 0.0003);
}

TEST(SmallestDifference, CannotBeToldFromOneQuestion) {
  EXPECT_EQ(smallest_difference(1, 1), 0);
  EXPECT_EQ(smallest_difference(1, 0), 0);
}

// Connor 1987: to show 0.1 where 0.3 are discordant takes
// (1.96 sqrt(0.3) + 0.8416 sqrt(0.3 - 0.01))^2 / 0.1^2 = 233.1 pairs.
TEST(SmallestYesNoDifference, SolvesConnorsFormula) {
  const std::size_t count = 233, discordant = 69;  // (69 + 1) / 235 = 0.298.
  EXPECT_NEAR(smallest_yes_no_difference(discordant, count), 0.1, 0.0005);
}

TEST(SmallestYesNoDifference, IsNeverNoughtHoweverFewDiffer) {
  // 10 questions: at least 6 must go one way and none the other for p < 0.05.
  EXPECT_NEAR(smallest_yes_no_difference(0, 10), 0.62, 0.02);
  EXPECT_LT(smallest_yes_no_difference(0, 100), 0.1);
  EXPECT_GT(smallest_yes_no_difference(0, 100), 0.05);
  EXPECT_EQ(smallest_yes_no_difference(0, 1), 1);
  EXPECT_EQ(smallest_yes_no_difference(0, 0), 0);
}

}  // namespace
}  // namespace saseo::eval
