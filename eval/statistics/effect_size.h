// How large a difference is, and how large it would have to be to show on so many questions.
#pragma once

#include <cstddef>
#include <span>

namespace saseo::eval {

struct WinsTiesLosses {
  std::size_t wins = 0, ties = 0, losses = 0;
};

// Of `second` on the same questions; values that differ by rounding alone are ties.
WinsTiesLosses count_wins(std::span<const double> first, std::span<const double> second,
                          bool higher_is_better);

// Cohen's d of paired differences: mean / standard deviation ("d_z"; Cohen, "Statistical Power
// Analysis for the Behavioral Sciences", 1988, section 2.3.5). 0 where they do not vary.
double effect_size_of(std::span<const double> differences);

// The smallest true mean difference that a two-sided test at 5 % shows with a power of 80 %:
//
//   (t(0.975) + t(0.8)) * sd / sqrt(n),  t of n - 1 degrees of freedom
//
// sd is that of the paired differences. 0 where it cannot be told: below two questions.
double smallest_difference(double standard_deviation, std::size_t count);

// The same of McNemar's test: the d that solves (Connor, Biometrics 1987)
//
//   sqrt(n) d = z(0.975) sqrt(s) + z(0.8) sqrt(s - d^2)
//
// where s is the share of questions on which exactly one contestant has a yes, taken as
// (discordant + 1) / (count + 2): that none was seen does not say that there is none. Where s is
// below d, a difference of d means that s is d. At most 1; 0 without questions.
double smallest_yes_no_difference(std::size_t discordant, std::size_t count);

}  // namespace saseo::eval
