// Vectors of 16 lanes, which the compiler splits where the registers are narrower.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint32_t U32x16 __attribute__((vector_size(64)));
typedef int32_t I32x16 __attribute__((vector_size(64)));
typedef float F32x16 __attribute__((vector_size(64)));
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

inline U32x16 splat_u32(uint32_t value) { return U32x16{} + value; }
inline F32x16 splat_f32(float v) { return F32x16{v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v}; }

}  // namespace
