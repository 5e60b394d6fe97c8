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
  // What the values can be, where they are bounded; limits stay inside.
  std::optional<Interval> range;
};

// Of the mean of values that stand for questions. Without values: 0 to 0.
// Where all values are equal, resampling would give an interval of no width. In a range, the
// interval then says what a share of unlike questions, as large as n equal ones leave possible,
// could do: share = z^2 / (n + z^2), as Wilson's interval has it at 0 of n. Without a range it has
// no width. Above 2,000 values Student's interval is given: resampling would give the same to three
// digits.
Interval mean_interval(std::span<const double> values, const IntervalOptions& options = {});

// Student's t interval of the mean; at least two values.
Interval student_interval(std::span<const double> values, double level);

// Of the share of yes: Wilson's score interval (JASA 1927). Without questions: 0 to 1.
Interval wilson_interval(std::size_t yes, std::size_t count, double level = 0.95);

// Of the difference of two shares of yes on the same questions, (second_only - first_only) / count:
// Tango's score interval (Statistics in Medicine 1998). Without questions: -1 to 1.
Interval tango_interval(std::size_t first_only, std::size_t second_only, std::size_t count,
                        double level = 0.95);

double mean_of(std::span<const double> values);                // 0 without values.
double standard_deviation_of(std::span<const double> values);  // n - 1; 0 below two values.

}  // namespace saseo::eval
