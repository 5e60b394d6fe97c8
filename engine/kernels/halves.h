// Conversion of floats to halves by the processor's instructions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace saseo {

// Converts as many of the n values as make whole vectors, rounding to nearest, ties to even;
// returns how many those are: none where the processor has no such instruction.
std::size_t convert_to_halves(const float* values, std::size_t n, std::uint16_t* halves);

}  // namespace saseo
