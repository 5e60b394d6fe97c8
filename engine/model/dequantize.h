// Rows of weights as floats, whatever their type.
#pragma once

#include <cstddef>
#include <span>

#include "engine/model/model_parts.h"

namespace saseo {

// out: (cols), the row as float32. Safe for threads.
void dequantize_row(const WeightMatrix& w, std::size_t row, std::span<float> out);

}  // namespace saseo
