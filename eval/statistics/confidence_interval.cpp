#include "eval/statistics/confidence_interval.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "eval/statistics/distributions.h"
#include "eval/statistics/random_stream.h"

namespace saseo::eval {
namespace {

constexpr std::size_t kMaxResampled = 2000;

double two_sided_z(double level) { return normal_quantile(0.5 + 0.5 * level); }

Interval within(Interval interval, const std::optional<Interval>& range) {
  if (!range) return interval;
  return {std::clamp(interval.low, range->low, range->high),
          std::clamp(interval.high, range->low, range->high)};
}

// Wilson's interval of yes / n; yes need not be whole.
Interval wilson_limits(double yes, double n, double level) {
  const double z = two_sided_z(level), share = yes / n;
  const double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double reach =
      z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return {yes <= 0 ? 0 : std::max(0.0, middle - reach),
          yes >= n ? 1 : std::min(1.0, middle + reach)};
}

// Tango's interval of (b - c) / n; b and c need not be whole.
Interval tango_limits(double b, double c, double n, double level) {
  const double z = two_sided_z(level);
  // How many standard errors the observed difference lies above `difference`, the errors being
  // those of the likeliest chances that differ by it; q is the chance of a loss then.
  const auto score = [&](double difference) {
    const double linear = (2 * n - b + c) * difference - b - c;
    const double constant = -c * difference * (1 - difference);
    const double q =
        (std::sqrt(std::max(0.0, linear * linear - 8 * n * constant)) - linear) / (4 * n);
    const double variance = n * (2 * q + difference * (1 - difference));
    const double above = b - c - n * difference;
    if (variance <= 0) return above == 0 ? 0.0 : std::copysign(1e300, above);
    return above / std::sqrt(variance);
  };
  // The score falls with the difference.
  const auto where = [&](double value) {
    double low = -1, high = 1;
    for (int i = 0; i < 60; ++i) {
      const double middle = 0.5 * (low + high);
      (score(middle) > value ? low : high) = middle;
    }
    return 0.5 * (low + high);
  };
  return {where(z), where(-z)};
}

// Values as outcomes -scale, 0 and scale of the same sum: confidence_interval.h.
struct Matched {
  double positive = 0, negative = 0;  // How many.
  double scale = 0;
};

Matched matched(std::span<const double> values, double whole_range) {
  double above = 0, below = 0, squares = 0;
  for (const double value : values) {
    (value > 0 ? above : below) += std::abs(value);
    squares += value * value;
  }
  constexpr double kUnseen = 0.5;
  const double scale =
      (squares + kUnseen * whole_range * whole_range) / (above + below + kUnseen * whole_range);
  return {above / scale, below / scale, scale};
}

bool few_unlike(std::span<const double> values) {
  double sum = 0, squares = 0;
  for (const double value : values) {
    sum += std::abs(value);
    squares += value * value;
  }
  return sum * sum < kFewUnlike * squares || squares == 0;
}

// The distances to the nearer end of the range.
struct Distances {
  bool from_high = false;
  std::vector<double> values;
};
Distances distances_of(std::span<const double> values, const Interval& range) {
  Distances distances{mean_of(values) > 0.5 * (range.low + range.high)};
  for (const double value : values) {
    distances.values.push_back(distances.from_high ? range.high - value : value - range.low);
  }
  return distances;
}

bool all_equal(std::span<const double> values) {
  return std::ranges::all_of(values, [&](double value) { return value == values.front(); });
}

// Means of resamples, unordered.
std::vector<double> resampled_means(std::span<const double> values,
                                    const IntervalOptions& options) {
  RandomStream random(options.seed);
  const auto count = static_cast<std::uint32_t>(values.size());
  const double share = 1 / static_cast<double>(count);
  std::vector<double> means(options.resamples);
  for (double& mean : means) {
    double first = 0, second = 0;  // Two sums: one would wait for each addition.
    for (std::uint32_t i = 0; i + 1 < count; i += 2) {
      const RandomStream::Pair drawn = random.below(count);
      first += values[drawn.first];
      second += values[drawn.second];
    }
    if (count % 2 == 1) first += values[random.below(count).first];
    mean = (first + second) * share;
  }
  return means;
}

// The ceil(p * B)-th smallest, at least the first and at most the last.
double quantile(std::vector<double>& means, double p) {
  const auto count = static_cast<double>(means.size());
  const double rank = std::clamp(std::ceil(p * count), 1.0, count);
  const auto at = means.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
  std::nth_element(means.begin(), at, means.end());
  return *at;
}

struct Moments {
  double mean = 0, squares = 0, cubes = 0;  // Sums of powers of the deviations from the mean.
};

Moments moments_of(std::span<const double> values) {
  Moments moments{mean_of(values)};
  for (const double value : values) {
    const double deviation = value - moments.mean;
    moments.squares += deviation * deviation;
    moments.cubes += deviation * deviation * deviation;
  }
  return moments;
}

// Where the normal quantile z of the limit moves to: Efron 1987, formula 2.3. The share of means
// below the observed one gives the bias (a mean that equals it counts half: ties are common); the
// acceleration of a mean is its skewness / 6 in jackknife form.
double corrected(double z, const std::vector<double>& means, const Moments& moments) {
  double below = 0;
  for (const double mean : means) {
    const double slack = 1e-12 * (1 + std::abs(moments.mean));
    below += mean < moments.mean - slack ? 1 : mean <= moments.mean + slack ? 0.5 : 0;
  }
  const auto count = static_cast<double>(means.size());
  const double bias = normal_quantile(std::clamp(below / count, 0.5 / count, 1 - 0.5 / count));
  const double acceleration = moments.cubes / (6 * std::pow(moments.squares, 1.5));
  return bias + (bias + z) / (1 - acceleration * (bias + z));
}

}  // namespace

double mean_of(std::span<const double> values) {
  if (values.empty()) return 0;
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double standard_deviation_of(std::span<const double> values) {
  if (values.size() < 2) return 0;
  return std::sqrt(moments_of(values).squares / static_cast<double>(values.size() - 1));
}

Interval student_interval(std::span<const double> values, double level) {
  const auto count = static_cast<double>(values.size());
  const double reach = student_t_quantile(0.5 + 0.5 * level, count - 1) *
                       standard_deviation_of(values) / std::sqrt(count);
  const double mean = mean_of(values);
  return {mean - reach, mean + reach};
}

Interval bootstrap_interval(std::span<const double> values, const IntervalOptions& options) {
  if (values.empty()) return {};
  if (all_equal(values)) return {values.front(), values.front()};
  if (values.size() > kMaxResampled) {
    return within(student_interval(values, options.level), options.range);
  }
  const auto count = static_cast<double>(values.size());
  const bool expanded = options.method == BootstrapMethod::kExpandedPercentile ||
                        options.method == BootstrapMethod::kExpandedBca;
  const double z = expanded ? std::sqrt(count / (count - 1)) *
                                  student_t_quantile(0.5 + 0.5 * options.level, count - 1)
                            : two_sided_z(options.level);
  double low = -z, high = z;
  std::vector<double> means = resampled_means(values, options);
  if (options.method == BootstrapMethod::kBca || options.method == BootstrapMethod::kExpandedBca) {
    const Moments moments = moments_of(values);
    low = corrected(low, means, moments);
    high = corrected(high, means, moments);
  }
  return within({quantile(means, normal_cdf(low)), quantile(means, normal_cdf(high))},
                options.range);
}

Interval wilson_interval(std::size_t yes, std::size_t count, double level) {
  if (count == 0) return {0, 1};
  return wilson_limits(static_cast<double>(yes), static_cast<double>(count), level);
}

Interval tango_interval(std::size_t first_only, std::size_t second_only, std::size_t count,
                        double level) {
  if (count == 0) return {-1, 1};
  return tango_limits(static_cast<double>(second_only), static_cast<double>(first_only),
                      static_cast<double>(count), level);
}

Interval matched_tango_interval(std::span<const double> differences, const Interval& range,
                                double level) {
  if (differences.empty()) return range;
  const Matched outcomes = matched(differences, range.high);
  const Interval limits = tango_limits(outcomes.positive, outcomes.negative,
                                       static_cast<double>(differences.size()), level);
  return within({outcomes.scale * limits.low, outcomes.scale * limits.high}, range);
}

Interval matched_wilson_interval(std::span<const double> values, const Interval& range,
                                 double level) {
  if (values.empty()) return range;
  const Distances distances = distances_of(values, range);
  const Matched outcomes = matched(distances.values, range.high - range.low);
  const double scale = outcomes.scale;
  const Interval limits =
      wilson_limits(outcomes.positive, static_cast<double>(values.size()), level);
  if (distances.from_high) {
    return within({range.high - scale * limits.high, range.high - scale * limits.low}, range);
  }
  return within({range.low + scale * limits.low, range.low + scale * limits.high}, range);
}

Interval mean_interval(std::span<const double> values, const IntervalOptions& options) {
  if (options.range && !values.empty()) {
    const Distances distances = distances_of(values, *options.range);
    if (few_unlike(distances.values) || all_equal(values)) {
      return matched_wilson_interval(values, *options.range, options.level);
    }
  }
  return bootstrap_interval(values, options);
}

Interval difference_interval(std::span<const double> differences, const IntervalOptions& options) {
  if (options.range && !differences.empty() &&
      (few_unlike(differences) || all_equal(differences))) {
    return matched_tango_interval(differences, *options.range, options.level);
  }
  return bootstrap_interval(differences, options);
}

}  // namespace saseo::eval
