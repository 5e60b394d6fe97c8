// NEON, which every 64-bit ARM processor has: four accumulators of four floats hide the latency of
// the multiply-add.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "engine/kernels/kernel_table.h"

namespace {

inline float32x4_t add_squared(float32x4_t a, float32x4_t b, float32x4_t sum) {
  const float32x4_t difference = vsubq_f32(a, b);
  return vfmaq_f32(sum, difference, difference);
}

inline float sum_of(float32x4_t s0, float32x4_t s1, float32x4_t s2, float32x4_t s3) {
  return vaddvq_f32(vaddq_f32(vaddq_f32(s0, s1), vaddq_f32(s2, s3)));
}

}  // namespace

extern "C" float saseo_inner_product_neon(const float* a, const float* b, size_t dims) {
  float32x4_t s0 = vdupq_n_f32(0), s1 = s0, s2 = s0, s3 = s0;
  size_t i = 0;
  for (; i + 16 <= dims; i += 16) {
    s0 = vfmaq_f32(s0, vld1q_f32(a + i), vld1q_f32(b + i));
    s1 = vfmaq_f32(s1, vld1q_f32(a + i + 4), vld1q_f32(b + i + 4));
    s2 = vfmaq_f32(s2, vld1q_f32(a + i + 8), vld1q_f32(b + i + 8));
    s3 = vfmaq_f32(s3, vld1q_f32(a + i + 12), vld1q_f32(b + i + 12));
  }
  for (; i + 4 <= dims; i += 4) s0 = vfmaq_f32(s0, vld1q_f32(a + i), vld1q_f32(b + i));
  float sum = sum_of(s0, s1, s2, s3);
  for (; i < dims; ++i) sum += a[i] * b[i];
  return sum;
}

extern "C" float saseo_squared_distance_neon(const float* a, const float* b, size_t dims) {
  float32x4_t s0 = vdupq_n_f32(0), s1 = s0, s2 = s0, s3 = s0;
  size_t i = 0;
  for (; i + 16 <= dims; i += 16) {
    s0 = add_squared(vld1q_f32(a + i), vld1q_f32(b + i), s0);
    s1 = add_squared(vld1q_f32(a + i + 4), vld1q_f32(b + i + 4), s1);
    s2 = add_squared(vld1q_f32(a + i + 8), vld1q_f32(b + i + 8), s2);
    s3 = add_squared(vld1q_f32(a + i + 12), vld1q_f32(b + i + 12), s3);
  }
  for (; i + 4 <= dims; i += 4) s0 = add_squared(vld1q_f32(a + i), vld1q_f32(b + i), s0);
  float sum = sum_of(s0, s1, s2, s3);
  for (; i < dims; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}
#endif
