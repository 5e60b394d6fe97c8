// Confidence intervals of means over questions, of one contestant or of paired differences.
//
// Resampling: B samples of n values are drawn from the n values with replacement; the means of
// these samples stand for what other questions of the same kind would have given (Efron and
// Tibshirani, "An Introduction to the Bootstrap", 1993). Yes/no values have intervals in closed
// form, which are nearer to their level when few questions differ. docs/statistics.md has the
// coverage of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace saseo::eval {

struct Interval {
  double low = 0, high = 0;
};

enum class BootstrapMethod {
  kPercentile,  // The alpha/2 and 1 - alpha/2 quantiles of the means: too narrow for small n.
  // The same with alpha/2 = Phi(-sqrt(n / (n - 1)) t), t of Student's distribution: widened for
  // small n (Hesterberg, "What Teachers Should Know About the Bootstrap", The American Statistician
  // 2015).
  kExpandedPercentile,
  kBca,          // Corrected for bias and skewness (Efron 1987).
  kExpandedBca,  // The same from the widened alpha.
};

struct IntervalOptions {
  double level = 0.95;
  std::size_t resamples = 10000;  // More: less noise of the limits, in proportion to the time.
  std::uint64_t seed = 1;
  BootstrapMethod method = BootstrapMethod::kExpandedPercentile;
  // What the values can be, where they are bounded (of differences: symmetric about 0); limits stay
  // inside.
  std::optional<Interval> range;
};

// The mean of resamples. Without values: 0 to 0; of equal values: no width. Above 2,000 values
// Student's interval is given: resampling would give the same to three digits.
Interval bootstrap_interval(std::span<const double> values, const IntervalOptions& options = {});

// Student's t interval of the mean; at least two values.
Interval student_interval(std::span<const double> values, double level);

// Of the share of yes: Wilson's score interval (JASA 1927). Without questions: 0 to 1.
Interval wilson_interval(std::size_t yes, std::size_t count, double level = 0.95);

// Of the difference of two shares of yes on the same questions, (second_only - first_only) / count:
// Tango's score interval (Statistics in Medicine 1998). Without questions: -1 to 1.
Interval tango_interval(std::size_t first_only, std::size_t second_only, std::size_t count,
                        double level = 0.95);

// The same for values in a range. x_i (of either sign) are taken as outcomes -s, 0 and s:
//
//   s = (sum x^2 + R^2 / 2) / (sum |x| + R / 2),   (sum of positive x) / s times s, and so on
//
// which keeps their sum and, but for the terms with R, their sum of squares; yes/no outcomes stay
// what they are. Half an outcome of the whole range R is counted in, because the few x that differ
// from 0 say little of how large others can be; it widens the interval, the less the more there
// are. For means, x is the distance to the nearer end of the range.
Interval matched_tango_interval(std::span<const double> differences, const Interval& range,
                                double level);
Interval matched_wilson_interval(std::span<const double> values, const Interval& range,
                                 double level);

// What eval/ uses for the mean of values of one contestant and of paired differences: resampling,
// and in a range the matched forms where few values are unlike the others, fewer than
// kFewUnlike = (sum |x|)^2 / sum x^2. There resampling knows too little of what it has not seen.
inline constexpr double kFewUnlike = 10;
Interval mean_interval(std::span<const double> values, const IntervalOptions& options = {});
Interval difference_interval(std::span<const double> differences,
                             const IntervalOptions& options = {});

double mean_of(std::span<const double> values);                // 0 without values.
double standard_deviation_of(std::span<const double> values);  // n - 1; 0 below two values.

}  // namespace saseo::eval
