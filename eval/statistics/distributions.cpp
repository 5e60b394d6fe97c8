#include "eval/statistics/distributions.h"

#include <cassert>
#include <cmath>
#include <numbers>

namespace saseo::eval {
namespace {

// Where the rising function reaches p. Halving, to the last digit: called a few times a comparison.
template <typename Cdf>
double inverse(const Cdf& cdf, double p) {
  assert(p > 0 && p < 1);
  double low = -1, high = 1;
  while (cdf(low) > p) low *= 2;
  while (cdf(high) < p) high *= 2;
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    (cdf(middle) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

// The continued fraction of the incomplete beta function, by the modified Lentz method
// (NIST Digital Library of Mathematical Functions, 8.17.22 and 3.10).
double beta_fraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300;
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  if (std::abs(d) < kTiny) d = kTiny;
  d = 1 / d;
  double value = d;
  const auto step = [&](double term) {
    d = 1 + term * d;
    if (std::abs(d) < kTiny) d = kTiny;
    d = 1 / d;
    c = 1 + term / c;
    if (std::abs(c) < kTiny) c = kTiny;
    value *= c * d;
    return std::abs(c * d - 1) < 1e-15;
  };
  for (int m = 1; m <= 1000; ++m) {
    const double k = m;
    step(k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k)));
    if (step(-(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1)))) break;
  }
  return value;
}

// lgamma() writes a global sign: not for threads.
double log_gamma(double x) {
  int sign = 0;
  return lgamma_r(x, &sign);
}

// I_x(a, b), regularised.
double incomplete_beta(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) +
                                b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

}  // namespace

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_quantile(double p) { return inverse(normal_cdf, p); }

double student_t_cdf(double t, double degrees) {
  const double tail = 0.5 * incomplete_beta(degrees / (degrees + t * t), 0.5 * degrees, 0.5);
  return t > 0 ? 1 - tail : tail;
}

double student_t_quantile(double p, double degrees) {
  return inverse([&](double t) { return student_t_cdf(t, degrees); }, p);
}

double fair_binomial_pmf(std::size_t successes, std::size_t trials) {
  if (successes > trials) return 0;
  const auto k = static_cast<double>(successes), n = static_cast<double>(trials);
  return std::exp(log_gamma(n + 1) - log_gamma(k + 1) - log_gamma(n - k + 1) -
                  n * std::numbers::ln2);
}

double fair_binomial_cdf(std::size_t successes, std::size_t trials) {
  if (successes >= trials) return 1;
  double sum = 0;
  for (std::size_t k = 0; k <= successes; ++k) sum += fair_binomial_pmf(k, trials);
  return sum < 1 ? sum : 1;
}

}  // namespace saseo::eval
