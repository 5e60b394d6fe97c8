// The distributions that tests and intervals read: normal, Student's t, binomial. Good to 10
// digits.
#pragma once

#include <cstddef>

namespace saseo::eval {

double normal_cdf(double z);
// 0 < p < 1.
double normal_quantile(double p);

// degrees > 0.
double student_t_cdf(double t, double degrees);
// 0 < p < 1.
double student_t_quantile(double p, double degrees);

// P(X = successes) and P(X <= successes) of X ~ Binomial(trials, 1/2).
double fair_binomial_pmf(std::size_t successes, std::size_t trials);
double fair_binomial_cdf(std::size_t successes, std::size_t trials);

}  // namespace saseo::eval
