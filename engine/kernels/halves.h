// Floats as IEEE 754 halves: what keys and values are kept in. Reading them back is a part of the
// kernels (unpack_body.h).
#pragma once

#include <cstddef>
#include <cstdint>

namespace saseo {

// Rounds to nearest, ties to even; too large becomes infinity. What is not a number stays so.
std::uint16_t half_of_float(float value);
// The same of n values, by the processor's instructions where it has any.
void halves_of_floats(const float* values, std::size_t n, std::uint16_t* halves);

}  // namespace saseo
