#include "bench/simulated_pairs.h"

#include <cmath>
#include <numbers>

#include "eval/statistics/distributions.h"

namespace saseo::bench {
namespace {

using eval::RandomStream;

// Box and Muller, 1958.
double normal(RandomStream& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

// What `second` gains, as a share of the questions on which the two differ.
constexpr double kYesNoTilt = 1.0 / 3;

// Facts are found with a chance that is uniform up to 1, with this mean; where the answers are not
// the same, `second` finds so much of what is left.
constexpr double kFactGain = 0.5;
double mean_fact_chance(PairShape shape) { return shape == PairShape::kFacts ? 0.65 : 0.9; }
double same_facts(PairShape shape) { return shape == PairShape::kFacts ? 0.5 : 0.7; }

// F1 = u^k with u uniform: mean 1 / (k + 1).
constexpr double kFirstExponent = 2, kSecondExponent = 1.6;
constexpr double kCommonDifficulty = 0.7;  // Correlation of the normals behind u.

double first_yes_of_alike(PairShape shape) {
  return shape == PairShape::kYesNo ? 0.8 : 0.85;  // Both right, of those on which both are alike.
}

void add_yes_no(PairShape shape, bool differs, RandomStream& random, SimulatedPairs& pairs) {
  if (random.uniform() >= share_that_differs(shape)) {
    const double both = random.uniform() < first_yes_of_alike(shape) ? 1 : 0;
    pairs.first.push_back(both);
    pairs.second.push_back(both);
    return;
  }
  const double second_chance = differs ? 0.5 + 0.5 * kYesNoTilt : 0.5;
  const double second = random.uniform() < second_chance ? 1 : 0;
  pairs.first.push_back(1 - second);
  pairs.second.push_back(second);
}

double share_of_facts(int facts, double chance, RandomStream& random) {
  int found = 0;
  for (int i = 0; i < facts; ++i) found += random.uniform() < chance ? 1 : 0;
  return static_cast<double>(found) / facts;
}

void add_facts(PairShape shape, bool differs, RandomStream& random, SimulatedPairs& pairs) {
  const double u = random.uniform();
  const int facts = u < 0.3 ? 1 : u < 0.6 ? 2 : u < 0.85 ? 3 : 4;
  const double least = 2 * mean_fact_chance(shape) - 1;
  const double chance = least + (1 - least) * random.uniform();
  pairs.first.push_back(share_of_facts(facts, chance, random));
  if (random.uniform() < same_facts(shape)) {
    pairs.second.push_back(pairs.first.back());
  } else {
    const double better = differs ? chance + kFactGain * (1 - chance) : chance;
    pairs.second.push_back(share_of_facts(facts, better, random));
  }
}

void add_f1(bool differs, RandomStream& random, SimulatedPairs& pairs) {
  const double common = std::sqrt(kCommonDifficulty) * normal(random);
  const auto value = [&](double exponent) {
    const double own = std::sqrt(1 - kCommonDifficulty) * normal(random);
    return std::pow(eval::normal_cdf(common + own), exponent);
  };
  pairs.first.push_back(value(kFirstExponent));
  pairs.second.push_back(value(differs ? kSecondExponent : kFirstExponent));
}

}  // namespace

const char* name_of(PairShape shape) {
  switch (shape) {
    case PairShape::kYesNo:
      return "yes/no";
    case PairShape::kYesNoSparse:
      return "yes/no, few differ";
    case PairShape::kFacts:
      return "facts";
    case PairShape::kFactsSparse:
      return "facts, few differ";
    case PairShape::kF1:
      return "f1";
  }
  return "";
}

bool is_yes_no(PairShape shape) {
  return shape == PairShape::kYesNo || shape == PairShape::kYesNoSparse;
}

double share_that_differs(PairShape shape) {
  switch (shape) {
    case PairShape::kYesNo:
      return 0.3;
    case PairShape::kYesNoSparse:
      return 0.1;
    case PairShape::kFacts:
      return 0.27;
    case PairShape::kFactsSparse:
      return 0.08;
    case PairShape::kF1:
      return 1;
  }
  return 0;
}

SimulatedPairs simulate_pairs(PairShape shape, bool differs, std::size_t questions,
                              RandomStream random) {
  SimulatedPairs pairs;
  for (std::size_t i = 0; i < questions; ++i) {
    if (is_yes_no(shape)) {
      add_yes_no(shape, differs, random, pairs);
    } else if (shape == PairShape::kF1) {
      add_f1(differs, random, pairs);
    } else {
      add_facts(shape, differs, random, pairs);
    }
  }
  return pairs;
}

double true_difference(PairShape shape) {
  switch (shape) {
    case PairShape::kYesNo:
    case PairShape::kYesNoSparse:
      return share_that_differs(shape) * kYesNoTilt;
    case PairShape::kFacts:
    case PairShape::kFactsSparse:
      return (1 - same_facts(shape)) * kFactGain * (1 - mean_fact_chance(shape));
    case PairShape::kF1:
      return 1 / (kSecondExponent + 1) - 1 / (kFirstExponent + 1);
  }
  return 0;
}

double true_first_mean(PairShape shape) {
  switch (shape) {
    case PairShape::kYesNo:
    case PairShape::kYesNoSparse: {
      const double differ = share_that_differs(shape);
      return (1 - differ) * first_yes_of_alike(shape) + differ * 0.5;  // Where the two are alike.
    }
    case PairShape::kFacts:
    case PairShape::kFactsSparse:
      return mean_fact_chance(shape);
    case PairShape::kF1:
      return 1 / (kFirstExponent + 1);
  }
  return 0;
}

std::vector<std::vector<double>> simulate_correlated(std::size_t metrics, double correlation,
                                                     std::size_t questions, RandomStream random) {
  std::vector<std::vector<double>> differences(metrics, std::vector<double>(questions));
  for (std::size_t question = 0; question < questions; ++question) {
    const double common = std::sqrt(correlation) * normal(random);
    for (std::size_t metric = 0; metric < metrics; ++metric) {
      differences[metric][question] = common + std::sqrt(1 - correlation) * normal(random);
    }
  }
  return differences;
}

}  // namespace saseo::bench
