// What the NEON sets share: the hooks of the bodies (panel_body.h) that do not multiply codes, and
// the products of floats. Floating point is ARMv8.0's.
//
// It must not include anything that has inline functions of external linkage.
#include <arm_neon.h>

#include "engine/kernels/lanes.h"
#include "engine/kernels/unpack_body.h"

namespace {

inline F32Register fused(F32Register a, F32Register b, F32Register c) { return vfmaq_f32(c, a, b); }

inline F32Register scaled(I32Register sums, F32Register x_scale, F32Register x_shift) {
  return fused(as_f32(sums), x_scale, x_shift);
}

inline F32x16 halves_16(const uint8_t* bytes) {
  float16x4_t v[4];
  memcpy(v, bytes, 32);
  return {{vcvt_f32_f16(v[0]), vcvt_f32_f16(v[1])}, {vcvt_f32_f16(v[2]), vcvt_f32_f16(v[3])}};
}

inline U32Register levels_64(U32Register codes) {
  return reinterpret_cast<U32Register>(
      vqtbl1q_s8(vld1q_s8(kLevels), reinterpret_cast<uint8x16_t>(codes)));
}

inline F32x16 bytes_16(const int8_t* p) {
  const int8x16_t v = vld1q_s8(p);
  const int16x8_t low = vmovl_s8(vget_low_s8(v)), high = vmovl_high_s8(v);
  return {{vcvtq_f32_s32(vmovl_s16(vget_low_s16(low))), vcvtq_f32_s32(vmovl_high_s16(low))},
          {vcvtq_f32_s32(vmovl_s16(vget_low_s16(high))), vcvtq_f32_s32(vmovl_high_s16(high))}};
}

template <int kTokens>
void multiply_tokens(const float* w, const float* x, size_t x_stride, size_t cols, float* y,
                     size_t y_stride) {
  F32x16 sum[kTokens];
  for (int t = 0; t < kTokens; ++t) sum[t] = splat_f32(0);
  size_t i = 0;
  for (; i + 16 <= cols; i += 16) {
    const F32x16 a = load_f32(w + i);
    for (size_t t = 0; t < kTokens; ++t) {
      sum[t] = fused(a, load_f32(x + t * x_stride + i), sum[t]);
    }
  }
  for (size_t t = 0; t < kTokens; ++t) {
    if (i < cols) {
      const F32x16 rest = load_some(x + t * x_stride + i, cols - i);
      sum[t] = fused(load_some(w + i, cols - i), rest, sum[t]);
    }
    y[t * y_stride] = sum_of_lanes(sum[t]);
  }
}

void multiply_floats(const float* w, const float* x, size_t x_stride, size_t tokens, size_t cols,
                     float* y, size_t y_stride) {
  size_t t = 0;
  for (; t + 4 <= tokens; t += 4) {
    multiply_tokens<4>(w, x + t * x_stride, x_stride, cols, y + t * y_stride, y_stride);
  }
  for (; t < tokens; ++t) {
    multiply_tokens<1>(w, x + t * x_stride, x_stride, cols, y + t * y_stride, y_stride);
  }
}

}  // namespace
