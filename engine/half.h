// IEEE 754 half precision and bfloat16, by bits.
#pragma once

#include <cstdint>

namespace saseo {

float float_of_half(std::uint16_t half);
// Rounds to nearest, ties to even; too large becomes infinity.
std::uint16_t half_of_float(float value);

float float_of_bfloat16(std::uint16_t bits);
std::uint16_t bfloat16_of_float(float value);

}  // namespace saseo
