#include "eval/statistics/confidence_interval.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "eval/statistics/random_stream.h"

namespace saseo::eval {
namespace {

// Fisher 1935, section 21 (significance_test.cpp).
const std::vector<double> kDarwin = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};

std::vector<double> uniform_values(std::size_t count, std::uint64_t seed) {
  RandomStream random(seed);
  std::vector<double> values(count);
  for (double& value : values) value = random.uniform();
  return values;
}

void expect_near(const Interval& interval, double low, double high, double error) {
  EXPECT_NEAR(interval.low, low, error);
  EXPECT_NEAR(interval.high, high, error);
}

// Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine
// 1998, table I, method 3.
TEST(WilsonInterval, GivesNewcombesPublishedValues) {
  expect_near(wilson_interval(81, 263), 0.2553, 0.3662, 5e-5);
  expect_near(wilson_interval(15, 148), 0.0624, 0.1605, 5e-5);
  expect_near(wilson_interval(0, 20), 0.0000, 0.1611, 5e-5);
  expect_near(wilson_interval(1, 29), 0.0061, 0.1718, 5e-5);
}

TEST(WilsonInterval, StaysBetweenNoughtAndOne) {
  EXPECT_EQ(wilson_interval(20, 20).high, 1);
  EXPECT_NEAR(wilson_interval(20, 20).low, 1 - 0.1611, 5e-5);
  expect_near(wilson_interval(0, 0), 0, 1, 0);
}

// 6 and 16 of 161 changed: the R package contingencytables (Fagerland, Lydersen, Laake), tests of
// chapter 8: -0.0621 (-0.1240 to -0.0054).
TEST(TangoInterval, GivesThePublishedValuesForALargerTable) {
  expect_near(tango_interval(16, 6, 161), -0.1240, -0.0054, 5e-5);
}

// 1 and 7 of 21: Fagerland, Lydersen and Laake, "Recommended tests and confidence intervals for
// paired binomial proportions", Statistics in Medicine 2014: -0.286 (-0.517 to -0.026).
TEST(TangoInterval, GivesThePublishedValuesForATableWithFewChanges) {
  expect_near(tango_interval(7, 1, 21), -0.517, -0.026, 5e-4);
}

TEST(TangoInterval, IsMirroredWhenTheTwoChangePlaces) {
  const Interval interval = tango_interval(3, 9, 50), mirrored = tango_interval(9, 3, 50);
  expect_near(mirrored, -interval.high, -interval.low, 1e-12);
}

TEST(TangoInterval, IsNeverWithoutWidth) {
  const double unlike = 1.959964 * 1.959964;
  expect_near(tango_interval(0, 0, 30), -unlike / (30 + unlike), unlike / (30 + unlike), 1e-6);
  EXPECT_LT(tango_interval(0, 30, 30).low, 1);
  EXPECT_NEAR(tango_interval(0, 30, 30).high, 1, 1e-9);
  expect_near(tango_interval(0, 0, 0), -1, 1, 0);
}

// t.test of R on the same data in inches gives 0.003899 to 5.229434.
TEST(StudentInterval, GivesTheKnownValuesOnDarwinsData) {
  expect_near(student_interval(kDarwin, 0.95), 8 * 0.003899, 8 * 5.229434, 1e-4);
}

// Means of three drawn from {0, 0, 1} are Binomial(3, 1/3) / 3: at most 0 in 8, at most 2/3 in 26
// of 27 draws.
TEST(Bootstrap, TakesTheQuantilesOfTheMeansThatCanBeDrawn) {
  const std::vector<double> values = {0, 0, 1};
  const auto percentile = [&](double level) {
    return mean_interval(values, {.level = level, .method = BootstrapMethod::kPercentile});
  };
  expect_near(percentile(0.95), 0, 1, 1e-12);
  expect_near(percentile(0.90), 0, 2.0 / 3, 1e-12);
  expect_near(percentile(0.30), 1.0 / 3, 1.0 / 3, 1e-12);
}

// The mouse data of Efron and Tibshirani 1993, table 2.1: the bootstrap standard error of the mean
// tends to 23.36. Where the means are about normal, 68.27 % of them are within one of it.
TEST(Bootstrap, SpreadsAsEfronAndTibshiraniPublished) {
  const std::vector<double> treated = {94, 197, 16, 38, 99, 141, 23};
  const Interval interval =
      mean_interval(treated, {.level = 0.6827, .method = BootstrapMethod::kPercentile});
  EXPECT_NEAR(0.5 * (interval.high - interval.low), 23.36, 1.0);
  EXPECT_NEAR(0.5 * (interval.high + interval.low), 86.86, 2.0);
}

TEST(Bootstrap, IsStudentsIntervalOnLargeSets) {
  const std::vector<double> values = uniform_values(2000, 3);
  const Interval student = student_interval(values, 0.95);
  const double width = student.high - student.low;
  for (const BootstrapMethod method :
       {BootstrapMethod::kPercentile, BootstrapMethod::kExpandedPercentile, BootstrapMethod::kBca,
        BootstrapMethod::kExpandedBca}) {
    expect_near(mean_interval(values, {.method = method}), student.low, student.high, 0.03 * width);
  }
  const std::vector<double> more = uniform_values(2001, 3);
  EXPECT_EQ(mean_interval(more).low, student_interval(more, 0.95).low);
}

TEST(Bootstrap, IsWiderForSmallSetsWhenExpanded) {
  const std::vector<double> values = uniform_values(12, 9);
  const Interval plain = mean_interval(values, {.method = BootstrapMethod::kPercentile});
  const Interval expanded = mean_interval(values, {.method = BootstrapMethod::kExpandedPercentile});
  EXPECT_LT(expanded.low, plain.low);
  EXPECT_GT(expanded.high, plain.high);
}

// A long tail to the right moves the corrected limits to the right.
TEST(Bootstrap, MovesTowardsTheTailWhenCorrectedForSkewness) {
  std::vector<double> values = uniform_values(40, 2);
  for (double& value : values) value = std::pow(value, 6);
  const Interval plain = mean_interval(values, {.method = BootstrapMethod::kPercentile});
  const Interval corrected = mean_interval(values, {.method = BootstrapMethod::kBca});
  EXPECT_GT(corrected.low, plain.low);
  EXPECT_GT(corrected.high, plain.high);
}

TEST(Bootstrap, RepeatsToTheLastDigitWithItsSeed) {
  const std::vector<double> values = uniform_values(50, 4);
  const Interval once = mean_interval(values, {.seed = 7}),
                 again = mean_interval(values, {.seed = 7});
  EXPECT_EQ(once.low, again.low);
  EXPECT_EQ(once.high, again.high);
  const Interval other = mean_interval(values, {.seed = 8});
  EXPECT_NE(once.low, other.low);
  expect_near(other, once.low, once.high, 0.01);
}

TEST(Bootstrap, TakesNoValueOneAndEqualOnes) {
  expect_near(bootstrap_interval({}), 0, 0, 0);
  expect_near(bootstrap_interval(std::vector{2.5}), 2.5, 2.5, 0);
  expect_near(bootstrap_interval(std::vector<double>(20, 3.0)), 3, 3, 0);
}

TEST(MeanInterval, SaysOfPerfectAnswersWhatOthersCouldDo) {
  const Interval wilson = wilson_interval(20, 20);
  const Interval interval = mean_interval(std::vector<double>(20, 1.0), {.range = Interval{0, 1}});
  expect_near(interval, wilson.low, wilson.high, 1e-9);
  const Interval points =
      mean_interval(std::vector<double>(20, 100.0), {.range = Interval{0, 100}});
  expect_near(points, 100 * wilson.low, 100 * wilson.high, 1e-7);
}

TEST(MeanInterval, TakesOneValue) {
  const Interval one = mean_interval(std::vector{0.5}, {.range = Interval{0, 1}});
  EXPECT_LT(one.low, 0.2);
  EXPECT_GT(one.high, 0.6);
  expect_near(mean_interval(std::vector{2.5}), 2.5, 2.5, 0);
  expect_near(mean_interval({}, {.range = Interval{0, 1}}), 0, 0, 0);
}

TEST(DifferenceInterval, SaysOfEqualAnswersWhatOthersCouldDo) {
  const Interval tango = tango_interval(0, 0, 20);
  const Interval interval =
      difference_interval(std::vector<double>(20, 0.0), {.range = Interval{-1, 1}});
  expect_near(interval, tango.low, tango.high, 1e-9);
}

// Resampling would say that a loss is impossible.
TEST(DifferenceInterval, LeavesALossPossibleWhereOneQuestionGained) {
  std::vector<double> differences(20, 0.0);
  differences[3] = 0.25;
  const Interval interval = difference_interval(differences, {.range = Interval{-1, 1}});
  EXPECT_LT(interval.low, -0.05);
  EXPECT_GT(interval.high, 0.05);
  EXPECT_GE(bootstrap_interval(differences).low, 0);
}

TEST(DifferenceInterval, ResamplesWhereEnoughDiffer) {
  std::vector<double> differences = uniform_values(40, 6);
  for (double& difference : differences) difference -= 0.3;
  const IntervalOptions options{.range = Interval{-1, 1}};
  const Interval interval = difference_interval(differences, options);
  const Interval resampled = bootstrap_interval(differences, options);
  expect_near(interval, resampled.low, resampled.high, 0);
}

TEST(MatchedIntervals, LeaveYesAndNoWhatTheyAre) {
  std::vector<double> differences(50, 0.0), shares(50, 0.0);
  for (std::size_t i = 0; i < 12; ++i) differences[i] = i < 3 ? -1 : 1;
  for (std::size_t i = 0; i < 12; ++i) shares[i] = 1;
  const Interval tango = tango_interval(3, 9, 50), wilson = wilson_interval(12, 50);
  expect_near(matched_tango_interval(differences, {-1, 1}, 0.95), tango.low, tango.high, 1e-9);
  expect_near(matched_wilson_interval(shares, {0, 1}, 0.95), wilson.low, wilson.high, 1e-9);
}

TEST(MatchedIntervals, ScaleWithTheRange) {
  const std::vector<double> values = {0.9, 1, 1, 0.5, 1, 1, 1, 1, 1, 0.75, 1, 1};
  std::vector<double> points = values;
  for (double& value : points) value *= 100;
  const Interval share = matched_wilson_interval(values, {0, 1}, 0.95);
  const Interval scaled = matched_wilson_interval(points, {0, 100}, 0.95);
  expect_near(scaled, 100 * share.low, 100 * share.high, 1e-9);
}

TEST(Bootstrap, StaysInTheRange) {
  std::vector<double> values(12, 0.98);
  values[0] = 1;
  values[1] = 0.2;
  for (const BootstrapMethod method :
       {BootstrapMethod::kExpandedPercentile, BootstrapMethod::kBca}) {
    const Interval interval = mean_interval(values, {.method = method, .range = Interval{0, 1}});
    EXPECT_LE(interval.high, 1);
    EXPECT_GE(interval.low, 0);
  }
}

}  // namespace
}  // namespace saseo::eval
