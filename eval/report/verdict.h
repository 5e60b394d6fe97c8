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
#include "eval/report/verdict_findings.h"

namespace saseo::eval {

// One verdict for each of Korean and English that has questions. Reads contestants, metrics,
// comparisons, summaries and outcomes of the evaluation.
std::vector<Verdict> verdicts_of(const Evaluation& evaluation, const VerdictOptions& options = {});

}  // namespace saseo::eval
