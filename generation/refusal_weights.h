// The weights of generation/refusal.h, fitted by
//
//   calibrate_refusal --manual corpora/phone/manual.md corpora/vacuum/manual.md
//       --questions corpora/phone/questions.jsonl corpora/vacuum/questions.jsonl
//       --extra bench/data/refusal_extra.jsonl --at 0.25
//
// 175 questions to fit on, 51 of them unanswerable; 42 to test on, 5 unanswerable.
// Cross-validated, 64.7 % of the unanswerable and 7.3 % of the answerable questions are refused; of
// the test questions 80.0 % and 10.8 %.
#pragma once

#include "generation/refusal.h"

namespace saseo {

inline constexpr float kRefusalBias = -3.112f;
inline constexpr RefusalFeatures kRefusalWeights = {
    1.457f,   // coverage
    0.360f,   // noun-coverage
    1.305f,   // unit-own
    2.775f,   // heading
    -0.776f,  // absent
    7.429f,   // dense
    -5.391f,  // asked-missing
    -1.550f,  // topic-missing
    -1.751f,  // yes-no
};

}  // namespace saseo
