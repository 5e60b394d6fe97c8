// What the NEON sets share: the hooks of the bodies (panel_body.h) that do not multiply codes.
// Floating point is ARMv8.0's.
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

}  // namespace
