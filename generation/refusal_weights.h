// The weights of generation/refusal.h, fitted by
//
//   calibrate_refusal --manual corpora/phone/daon-phone-x1.pdf corpora/vacuum/daon-vacuum-r1.pdf
//       --questions corpora/phone/questions.jsonl corpora/vacuum/questions.jsonl
//       --extra bench/data/refusal_extra.jsonl --at 0.40
//
// 178 questions to fit on, 53 of them unanswerable; 42 to test on, 5 unanswerable.
// Cross-validated, 77.4 % of the unanswerable and 12.0 % of the answerable questions are refused;
// of the test questions 100.0 % and 10.8 %.
#pragma once

#include "generation/refusal.h"

namespace saseo {

inline constexpr float kRefusalBias = -3.521f;
inline constexpr RefusalFeatures kRefusalWeights = {
    1.364f,   // coverage
    1.174f,   // noun-coverage
    1.380f,   // unit-own
    3.277f,   // heading
    -1.618f,  // absent
    5.498f,   // dense
    -5.124f,  // asked-missing
    -1.005f,  // topic-missing
    -1.714f,  // yes-no
};

}  // namespace saseo
