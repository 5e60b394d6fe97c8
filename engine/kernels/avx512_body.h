// What the AVX-512 (F, BW, VL) sets share: the hooks of the bodies (panel_body.h) that do not
// multiply codes, and the products of floats.
//
// It must not include anything that has inline functions of external linkage.
#include <immintrin.h>

#include "engine/kernels/lanes.h"
#include "engine/kernels/unpack_body.h"

namespace {

inline F32x16 fused(F32x16 a, F32x16 b, F32x16 c) { return _mm512_fmadd_ps(a, b, c); }

inline F32Register scaled(I32Register sums, F32Register x_scale, F32Register x_shift) {
  return fused(as_f32(sums), x_scale, x_shift);
}

inline F32x16 halves_16(const uint8_t* bytes) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes)));
}

inline U32x16 levels_64(U32x16 codes) {
  const __m512i levels =
      _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(kLevels)));
  return reinterpret_cast<U32x16>(_mm512_shuffle_epi8(levels, reinterpret_cast<__m512i>(codes)));
}

template <int kTokens>
void multiply_tokens(const float* w, const float* x, size_t x_stride, size_t cols, float* y,
                     size_t y_stride) {
  __m512 sum[kTokens];
  for (int t = 0; t < kTokens; ++t) sum[t] = _mm512_setzero_ps();
  for (size_t i = 0; i < cols; i += 16) {
    const size_t left = cols - i;
    const __mmask16 mask = left >= 16 ? 0xFFFF : static_cast<__mmask16>((1u << left) - 1);
    const __m512 a = _mm512_maskz_loadu_ps(mask, w + i);
    for (size_t t = 0; t < kTokens; ++t) {
      sum[t] = _mm512_fmadd_ps(a, _mm512_maskz_loadu_ps(mask, x + t * x_stride + i), sum[t]);
    }
  }
  for (int t = 0; t < kTokens; ++t) y[t * y_stride] = _mm512_reduce_add_ps(sum[t]);
}

void multiply_floats(const float* w, const float* x, size_t x_stride, size_t tokens, size_t cols,
                     float* y, size_t y_stride) {
  size_t t = 0;
  for (; t + 8 <= tokens; t += 8) {
    multiply_tokens<8>(w, x + t * x_stride, x_stride, cols, y + t * y_stride, y_stride);
  }
  for (; t < tokens; ++t) {
    multiply_tokens<1>(w, x + t * x_stride, x_stride, cols, y + t * y_stride, y_stride);
  }
}

__m512 load_half(const uint16_t* p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}

float dot_half(const float* q, const uint16_t* k, size_t n) {
  __m512 a = _mm512_setzero_ps(), b = a;
  for (size_t i = 0; i < n; i += 32) {
    a = _mm512_fmadd_ps(_mm512_loadu_ps(q + i), load_half(k + i), a);
    b = _mm512_fmadd_ps(_mm512_loadu_ps(q + i + 16), load_half(k + i + 16), b);
  }
  return _mm512_reduce_add_ps(_mm512_add_ps(a, b));
}

void add_half(float weight, const uint16_t* v, size_t n, float* out) {
  const __m512 factor = _mm512_set1_ps(weight);
  for (size_t i = 0; i < n; i += 16) {
    _mm512_storeu_ps(out + i, _mm512_fmadd_ps(factor, load_half(v + i), _mm512_loadu_ps(out + i)));
  }
}

__m512 load_bytes(const int8_t* p) {
  return _mm512_cvtepi32_ps(
      _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}

float dot_bytes(const float* q, const int8_t* k, const float* scales, size_t n) {
  __m512 sum = _mm512_setzero_ps();
  for (size_t i = 0; i < n; i += 32) {
    __m512 part = _mm512_mul_ps(_mm512_loadu_ps(q + i), load_bytes(k + i));
    part = _mm512_fmadd_ps(_mm512_loadu_ps(q + i + 16), load_bytes(k + i + 16), part);
    sum = _mm512_fmadd_ps(part, _mm512_set1_ps(scales[i / 32]), sum);
  }
  return _mm512_reduce_add_ps(sum);
}

void add_bytes(float weight, const int8_t* v, const float* scales, size_t n, float* out) {
  for (size_t i = 0; i < n; i += 16) {
    const __m512 factor = _mm512_set1_ps(weight * scales[i / 32]);
    _mm512_storeu_ps(out + i, _mm512_fmadd_ps(factor, load_bytes(v + i), _mm512_loadu_ps(out + i)));
  }
}

}  // namespace
