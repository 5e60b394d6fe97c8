#include "eval/statistics/significance.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>

#include "eval/statistics/distributions.h"
#include "eval/statistics/random_stream.h"

namespace saseo::eval {
namespace {

// Sums that differ by rounding alone are equal: 1e-9 of the largest possible.
double slack_of(std::span<const double> differences) {
  double largest = 0;
  for (const double difference : differences) largest += std::abs(difference);
  return 1e-9 * largest;
}

double share_as_far(std::span<const double> differences, double observed) {
  const std::size_t count = differences.size();
  double sum = -std::accumulate(differences.begin(), differences.end(), 0.0);
  // All negative first; each step of the Gray code turns one sign over. The mirror image of an
  // assignment is as far from 0: half of them are enough.
  std::size_t as_far = std::abs(sum) >= observed ? 1 : 0;
  const std::uint64_t half = std::uint64_t{1} << (count - 1);
  std::uint64_t positive = 0;
  for (std::uint64_t i = 1; i < half; ++i) {
    const auto turned = static_cast<std::size_t>(std::countr_zero(i));
    positive ^= std::uint64_t{1} << turned;
    sum += ((positive >> turned) & 1) != 0 ? 2 * differences[turned] : -2 * differences[turned];
    if (std::abs(sum) >= observed) ++as_far;
  }
  return static_cast<double>(as_far) / static_cast<double>(half);
}

// Eight differences at a time: the sums of their 256 sign assignments, by assignment.
using SignedSums = std::array<double, 256>;

std::vector<SignedSums> signed_sums(std::span<const double> differences) {
  std::vector<SignedSums> sums((differences.size() + 7) / 8);
  for (std::size_t group = 0; group < sums.size(); ++group) {
    const auto eight =
        differences.subspan(8 * group, std::min<std::size_t>(8, differences.size() - 8 * group));
    for (std::size_t signs = 0; signs < 256; ++signs) {
      double sum = 0;
      for (std::size_t i = 0; i < eight.size(); ++i) {
        sum += ((signs >> i) & 1) != 0 ? eight[i] : -eight[i];
      }
      sums[group][signs] = sum;
    }
  }
  return sums;
}

}  // namespace

double mcnemar_exact(std::size_t first_only, std::size_t second_only) {
  return std::min(
      1.0, 2 * fair_binomial_cdf(std::min(first_only, second_only), first_only + second_only));
}

double mcnemar_mid_p(std::size_t first_only, std::size_t second_only) {
  const std::size_t fewer = std::min(first_only, second_only), all = first_only + second_only;
  if (all == 0) return 1;
  const double as_likely = fair_binomial_pmf(fewer, all);
  if (first_only == second_only) return 1 - 0.5 * as_likely;
  return 2 * fair_binomial_cdf(fewer, all) - as_likely;
}

double sign_flip_test(std::span<const double> differences, const SignFlipOptions& options) {
  assert(options.enumerate_up_to <= 24);
  std::vector<double> nonzero;
  std::ranges::copy_if(differences, std::back_inserter(nonzero), [](double d) { return d != 0; });
  if (nonzero.empty()) return 1;
  const double observed =
      std::abs(std::accumulate(nonzero.begin(), nonzero.end(), 0.0)) - slack_of(nonzero);
  if (nonzero.size() <= options.enumerate_up_to) return share_as_far(nonzero, observed);

  const std::vector<SignedSums> sums = signed_sums(nonzero);
  RandomStream random(options.seed);
  std::size_t as_far = 0;
  for (std::size_t i = 0; i < options.resamples; ++i) {
    double sum = 0;
    std::uint64_t signs = 0;
    for (std::size_t group = 0; group < sums.size(); ++group) {
      if (group % 8 == 0) signs = random.next();
      sum += sums[group][signs & 0xFF];
      signs >>= 8;
    }
    if (std::abs(sum) >= observed) ++as_far;
  }
  return static_cast<double>(as_far + 1) / static_cast<double>(options.resamples + 1);
}

std::vector<double> holm_adjusted(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, static_cast<double>(p.size() - rank) * p[order[rank]]);
    adjusted[order[rank]] = std::min(1.0, largest);
  }
  return adjusted;
}

}  // namespace saseo::eval
