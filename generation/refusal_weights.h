// The weights of generation/refusal.h, fitted by
//
//   calibrate_refusal --manual corpora/phone/daon-phone-x1.pdf corpora/vacuum/daon-vacuum-r1.pdf
//       --questions corpora/phone/questions.jsonl corpora/vacuum/questions.jsonl
//       --extra bench/data/refusal_extra.jsonl --at 0.3
//
// 178 questions to fit on, 53 of them unanswerable; 43 to test on, 6 unanswerable.
// Cross-validated, 75.5 % of the unanswerable and 8.8 % of the answerable questions are refused; of
// the test questions 66.7 % and 10.8 %.
#pragma once

#include "generation/refusal.h"

namespace saseo {

inline constexpr float kRefusalBias = -3.120f;
inline constexpr RefusalFeatures kRefusalWeights = {
    1.466f,   // coverage
    1.704f,   // noun-coverage
    0.630f,   // unit-own
    3.512f,   // heading
    -1.773f,  // absent
    5.551f,   // dense
    -5.145f,  // asked-missing
    -1.022f,  // topic-missing
    -1.582f,  // yes-no
};

}  // namespace saseo
