// Questions answered by two contestants that never existed, with known means: for calibration.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "eval/statistics/random_stream.h"

namespace saseo::bench {

enum class PairShape {
  kYesNo,        // Three in ten questions are answered right by exactly one of the two.
  kYesNoSparse,  // One in ten.
  kFacts,        // Share of 1 to 4 facts; on half of the questions both answers hold the same.
  kFactsSparse,  // Nearly all facts are found, by both: one question in twelve differs.
  kF1,           // In 0 to 1, skewed, seldom equal; a hard question is hard for both.
};
constexpr PairShape kPairShapes[] = {PairShape::kYesNo, PairShape::kYesNoSparse, PairShape::kFacts,
                                     PairShape::kFactsSparse, PairShape::kF1};

const char* name_of(PairShape shape);
bool is_yes_no(PairShape shape);
// The share of questions on which the two differ, about.
double share_that_differs(PairShape shape);

struct SimulatedPairs {
  std::vector<double> first, second;  // By question.
};

// `differs`: `second` is better by true_difference(shape); else the two are alike.
SimulatedPairs simulate_pairs(PairShape shape, bool differs, std::size_t questions,
                              eval::RandomStream random);

// Of the means, exactly.
double true_difference(PairShape shape);
double true_first_mean(PairShape shape);

// Differences of `metrics` metrics on the same questions, none of which favours a contestant: each
// is a common part and a part of its own, so that two of them correlate at `correlation`. By
// metric, then question.
std::vector<std::vector<double>> simulate_correlated(std::size_t metrics, double correlation,
                                                     std::size_t questions,
                                                     eval::RandomStream random);

}  // namespace saseo::bench
