// The verdict: per language, what these questions show about the contestants, and no more.
//
//  - "Better" is said where the difference of the leading metric is significant after Holm's
//    adjustment and its interval leaves out 0. Otherwise no difference is shown, and the sentence
//    says how large one would have shown.
//  - A cheaper contestant "suffices" where the interval of the difference leaves out a loss of more
//    than a margin (non-inferiority), over all questions of the language or over a type of
//    question. Where several are looked at, their intervals hold together: each is of
//    1 - 0.05 / number (Bonferroni).
//  - Too few questions are called that.
#pragma once

#include <vector>

#include "eval/records/evaluation.h"
#include "eval/statistics/leading_metric.h"

namespace saseo::eval {

struct VerdictOptions {
  // What loss does not matter, as a share of the metric's range: 0.05 is 5 points.
  double margin = 0.05;
  std::size_t min_questions = 10;  // Below, of a language or type, nothing is said of quality.
  std::size_t resamples = 10000;
  std::uint64_t seed = 1;
  LeadingOptions leading;  // As in CompareOptions.
};

// One verdict for each of Korean and English that has questions. Reads contestants, metrics,
// comparisons, summaries and outcomes of the evaluation.
std::vector<Verdict> verdicts_of(const Evaluation& evaluation, const VerdictOptions& options = {});

}  // namespace saseo::eval
