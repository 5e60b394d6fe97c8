#include "eval/statistics/effect_size.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "eval/statistics/confidence_interval.h"
#include "eval/statistics/distributions.h"

namespace saseo::eval {

WinsTiesLosses count_wins(std::span<const double> first, std::span<const double> second,
                          bool higher_is_better) {
  assert(first.size() == second.size());
  WinsTiesLosses counts;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double gain = higher_is_better ? second[i] - first[i] : first[i] - second[i];
    const double slack = 1e-9 * std::max({1.0, std::abs(first[i]), std::abs(second[i])});
    ++(gain > slack ? counts.wins : gain < -slack ? counts.losses : counts.ties);
  }
  return counts;
}

double effect_size_of(std::span<const double> differences) {
  const double spread = standard_deviation_of(differences), mean = mean_of(differences);
  return spread > 1e-12 * std::abs(mean) ? mean / spread : 0;
}

double smallest_difference(double standard_deviation, std::size_t count) {
  if (count < 2) return 0;
  const double n = static_cast<double>(count);
  return (student_t_quantile(0.975, n - 1) + student_t_quantile(0.8, n - 1)) * standard_deviation /
         std::sqrt(n);
}

double smallest_yes_no_difference(std::size_t discordant, std::size_t count) {
  if (count == 0) return 0;
  const double n = static_cast<double>(count);
  const double seen = (static_cast<double>(discordant) + 1) / (n + 2);
  const double z_test = normal_quantile(0.975), z_power = normal_quantile(0.8);
  // What the left side lacks falls as d grows.
  const auto lacks = [&](double d) {
    const double s = std::max(seen, d);
    return z_test * std::sqrt(s) + z_power * std::sqrt(std::max(0.0, s - d * d)) - std::sqrt(n) * d;
  };
  double low = 0, high = 1;
  if (lacks(high) > 0) return 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (lacks(middle) > 0 ? low : high) = middle;
  }
  return high;
}

}  // namespace saseo::eval
