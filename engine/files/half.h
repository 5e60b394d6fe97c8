// IEEE 754 half precision and bfloat16, by bits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace saseo {

float float_of_half(std::uint16_t half);
// Rounds to nearest, ties to even; too large becomes infinity.
std::uint16_t half_of_float(float value);
// The halves of n values, by the processor's instructions where it has any; what is not a number
// stays so.
void halves_of_floats(const float* values, std::size_t n, std::uint16_t* halves);

float float_of_bfloat16(std::uint16_t bits);
std::uint16_t bfloat16_of_float(float value);

}  // namespace saseo
