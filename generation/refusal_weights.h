// The weights of generation/refusal.h, fitted by
//
//   calibrate_refusal --own corpora/phone corpora/vacuum --extra bench/data/refusal_extra.jsonl
//       --l2 3 --at 0.36
//
// over both manuals in one library and each alone, on the questions of split "dev" and the extra
// ones; those of split "test" are only measured.
#pragma once

#include "generation/refusal.h"

namespace saseo {

inline constexpr float kRefusalBias = -5.555f;
inline constexpr RefusalFeatures kRefusalWeights = {
    3.149f,  // score
    2.094f,  // coverage
    2.340f,  // unit
    -0.517f,  // absent
    1.974f,  // dense
    -4.113f,  // asked-missing
    -4.570f,  // device-missing
    2.482f,  // length
    1.345f,  // trouble
    -0.812f,  // yes-no
};

}  // namespace saseo
