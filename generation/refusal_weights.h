// The weights of generation/refusal.h, fitted by
//
//   calibrate_refusal --manual corpora/phone/manual.md corpora/vacuum/manual.md
//       --questions corpora/phone/questions.jsonl corpora/vacuum/questions.jsonl
//       --extra bench/data/refusal_extra.jsonl --at 0.3
//
// 175 questions to fit on, 51 of them unanswerable; 42 to test on, 5 unanswerable.
// Cross-validated, 64.7 % of the unanswerable and 9.7 % of the answerable questions are refused; of
// the test questions 60.0 % and 13.5 %.
#pragma once

#include "generation/refusal.h"

namespace saseo {

inline constexpr float kRefusalBias = -3.840f;
inline constexpr RefusalFeatures kRefusalWeights = {
    1.915f,   // coverage
    0.861f,   // noun-coverage
    0.894f,   // unit-own
    2.306f,   // heading
    -1.223f,  // absent
    5.753f,   // dense
    -4.508f,  // asked-missing
};

}  // namespace saseo
