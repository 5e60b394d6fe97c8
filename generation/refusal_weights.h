// The weights of generation/refusal.h.
#pragma once

#include "generation/refusal.h"

namespace saseo {

inline constexpr float kRefusalBias = -2.0f;
inline constexpr RefusalFeatures kRefusalWeights = {1.0f,  2.0f, 2.0f, 1.0f, 1.0f,
                                                    -2.0f, 1.0f, 0.0f, 0.0f, 0.0f};

}  // namespace saseo
