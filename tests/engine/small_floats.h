// Halves and bfloat16 by their bits: the truth that kernels are held against, and how tests write
// weights.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "engine/kernels/halves.h"

namespace saseo {

inline float float_of_half(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
  const std::uint32_t rest = half & 0x7FFFu;
  std::uint32_t bits = 0;
  if (rest >= 0x7C00u) {
    bits = 0x7F800000u | ((rest & 0x3FFu) << 13);
  } else if (rest >= 0x0400u) {
    bits = (rest << 13) + (112u << 23);
  } else {
    bits = std::bit_cast<std::uint32_t>(std::ldexp(static_cast<float>(rest), -24));
  }
  return std::bit_cast<float>(bits | sign);
}

inline float float_of_bfloat16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

inline std::uint16_t bfloat16_of_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return static_cast<std::uint16_t>((bits >> 16) | 0x40u);
  return static_cast<std::uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

}  // namespace saseo
