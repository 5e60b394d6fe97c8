// The weights of generation/refusal.h, fitted by
//
//   calibrate_refusal --manual corpora/phone/manual.md corpora/vacuum/manual.md
//       --questions corpora/phone/questions.jsonl corpora/vacuum/questions.jsonl
//       --extra bench/data/refusal_extra.jsonl --at 0.35
//
// 175 questions to fit on, 51 of them unanswerable; 42 to test on, 5 unanswerable.
// Cross-validated, 74.5 % of the unanswerable and 8.1 % of the answerable questions are refused; of
// the test questions 80.0 % and 16.2 %.
#pragma once

#include "generation/refusal.h"

namespace saseo {

inline constexpr float kRefusalBias = -3.882f;
inline constexpr RefusalFeatures kRefusalWeights = {
    1.403f,   // coverage
    1.313f,   // noun-coverage
    1.011f,   // unit-own
    3.101f,   // heading
    -1.355f,  // absent
    6.598f,   // dense
    -5.265f,  // asked-missing
    -0.995f,  // topic-missing
    -1.729f,  // yes-no
};

}  // namespace saseo
