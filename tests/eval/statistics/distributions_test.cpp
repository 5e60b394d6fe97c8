#include "eval/statistics/distributions.h"

#include <gtest/gtest.h>

#include <cmath>

namespace saseo::eval {
namespace {

TEST(Distributions, NormalQuantilesAreThoseOfTheTables) {
  EXPECT_NEAR(normal_quantile(0.975), 1.959963985, 1e-9);
  EXPECT_NEAR(normal_quantile(0.8), 0.841621234, 1e-9);
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-12);
  EXPECT_NEAR(normal_quantile(0.001), -3.090232306, 1e-9);
}

// Two-sided 5 % points, as in the table of Student's distribution of any textbook.
TEST(Distributions, StudentQuantilesAreThoseOfTheTables) {
  EXPECT_NEAR(student_t_quantile(0.975, 1), 12.7062, 1e-4);
  EXPECT_NEAR(student_t_quantile(0.975, 2), 4.30265, 1e-5);
  EXPECT_NEAR(student_t_quantile(0.975, 9), 2.26216, 1e-5);
  EXPECT_NEAR(student_t_quantile(0.975, 29), 2.04523, 1e-5);
  EXPECT_NEAR(student_t_quantile(0.995, 9), 3.24984, 1e-5);
  EXPECT_NEAR(student_t_quantile(0.025, 29), -2.04523, 1e-5);
}

TEST(Distributions, StudentsDistributionBecomesTheNormalOne) {
  EXPECT_NEAR(student_t_quantile(0.975, 1e6), normal_quantile(0.975), 1e-5);
}

// With one degree of freedom it is Cauchy's: 1/2 + atan(t) / pi.
TEST(Distributions, StudentsDistributionOfOneDegreeIsCauchys) {
  EXPECT_NEAR(student_t_cdf(1, 1), 0.75, 1e-12);
  EXPECT_NEAR(student_t_cdf(-1, 1), 0.25, 1e-12);
  EXPECT_NEAR(student_t_cdf(0, 1), 0.5, 1e-12);
}

// Of two and four degrees it has closed forms.
TEST(Distributions, StudentsDistributionKeepsTwelveDigits) {
  for (double t = -40; t <= 40; t += 0.125) {
    EXPECT_NEAR(student_t_cdf(t, 2), 0.5 + t / (2 * std::sqrt(2 + t * t)), 1e-12) << t;
    const double s = t / std::sqrt(4 + t * t);
    EXPECT_NEAR(student_t_cdf(t, 4), 0.5 + 0.25 * s * (3 - s * s), 1e-12) << t;
  }
}

TEST(Distributions, AFairCoinFallsAsItIsCounted) {
  EXPECT_NEAR(fair_binomial_pmf(1, 8), 8.0 / 256, 1e-12);
  EXPECT_NEAR(fair_binomial_cdf(1, 8), 9.0 / 256, 1e-12);
  EXPECT_EQ(fair_binomial_pmf(9, 8), 0);
  EXPECT_EQ(fair_binomial_cdf(8, 8), 1);
  EXPECT_EQ(fair_binomial_cdf(0, 0), 1);
  EXPECT_NEAR(fair_binomial_cdf(5000, 10001), 0.5, 1e-9);
}

}  // namespace
}  // namespace saseo::eval
