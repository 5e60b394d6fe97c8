// The weights of generation/refusal.h, fitted by bench/calibrate_refusal on both manuals in one
// library. Fitting them over that library and each manual alone (calibrate_refusal --own
// corpora/phone corpora/vacuum --extra bench/data/refusal_extra.jsonl) refuses 77 % of the
// unanswerable and 7 % of the answerable questions when cross-validated, but on our own 90
// questions it answers more of the unanswerable than these weights do (README).
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
