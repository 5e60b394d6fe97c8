// Vectors of 16 lanes, which the compiler splits where the registers are narrower.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "engine/kernels/kernel_table.h"

typedef uint32_t U32x16 __attribute__((vector_size(64)));
typedef int32_t I32x16 __attribute__((vector_size(64)));
typedef float F32x16 __attribute__((vector_size(64)));
typedef uint32_t U32x8 __attribute__((vector_size(32)));
typedef float F32x8 __attribute__((vector_size(32)));
typedef int8_t I8x16 __attribute__((vector_size(16)));
typedef uint16_t U16x16 __attribute__((vector_size(32)));

namespace {

inline U32x16 load_u32(const uint8_t* p) {
  U32x16 v;
  memcpy(&v, p, 64);
  return v;
}

inline F32x16 load_f32(const float* p) {
  F32x16 v;
  memcpy(&v, p, 64);
  return v;
}

inline void store_f32(float* p, F32x16 v) { memcpy(p, &v, 64); }

constexpr int32_t kFloatZero = SASEO_FLOAT_ZERO;

inline U32x16 splat_u32(uint32_t value) { return U32x16{} + value; }
inline F32x16 splat_f32(float v) { return F32x16{v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v}; }

// Lane by lane; one order of sums for all instruction sets.
inline F32x8 lower_half(F32x16 v) { return __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7); }
inline F32x8 upper_half(F32x16 v) {
  return __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
}
inline float sum_of_lanes(F32x16 v) {
  const F32x8 s = lower_half(v) + upper_half(v);
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}
inline int32_t sum_of_lanes(I32x16 v) {
  int32_t sum = 0;
  for (int i = 0; i < 16; ++i) sum += v[i];
  return sum;
}
inline uint32_t largest_lane(U32x16 v) {
  uint32_t largest = 0;
  for (int i = 0; i < 16; ++i) largest = v[i] > largest ? v[i] : largest;
  return largest;
}

}  // namespace
