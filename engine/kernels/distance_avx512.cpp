// AVX-512: four accumulators of sixteen floats; the tail is one masked step.
#if defined(__x86_64__)
#include <immintrin.h>

#include "engine/kernels/kernel_table.h"

namespace {

inline __m512 add_squared(__m512 a, __m512 b, __m512 sum) {
  const __m512 difference = _mm512_sub_ps(a, b);
  return _mm512_fmadd_ps(difference, difference, sum);
}

inline float sum_of(__m512 s0, __m512 s1, __m512 s2, __m512 s3) {
  return _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(s0, s1), _mm512_add_ps(s2, s3)));
}

}  // namespace

extern "C" float saseo_inner_product_avx512(const float* a, const float* b, size_t dims) {
  __m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  size_t i = 0;
  for (; i + 64 <= dims; i += 64) {
    s0 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), s0);
    s1 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i + 16), _mm512_loadu_ps(b + i + 16), s1);
    s2 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i + 32), _mm512_loadu_ps(b + i + 32), s2);
    s3 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i + 48), _mm512_loadu_ps(b + i + 48), s3);
  }
  for (; i + 16 <= dims; i += 16)
    s0 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), s0);
  if (i < dims) {
    const __mmask16 tail = static_cast<__mmask16>((1u << (dims - i)) - 1);
    s1 =
        _mm512_fmadd_ps(_mm512_maskz_loadu_ps(tail, a + i), _mm512_maskz_loadu_ps(tail, b + i), s1);
  }
  return sum_of(s0, s1, s2, s3);
}

extern "C" float saseo_squared_distance_avx512(const float* a, const float* b, size_t dims) {
  __m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  size_t i = 0;
  for (; i + 64 <= dims; i += 64) {
    s0 = add_squared(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), s0);
    s1 = add_squared(_mm512_loadu_ps(a + i + 16), _mm512_loadu_ps(b + i + 16), s1);
    s2 = add_squared(_mm512_loadu_ps(a + i + 32), _mm512_loadu_ps(b + i + 32), s2);
    s3 = add_squared(_mm512_loadu_ps(a + i + 48), _mm512_loadu_ps(b + i + 48), s3);
  }
  for (; i + 16 <= dims; i += 16)
    s0 = add_squared(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), s0);
  if (i < dims) {
    const __mmask16 tail = static_cast<__mmask16>((1u << (dims - i)) - 1);
    s1 = add_squared(_mm512_maskz_loadu_ps(tail, a + i), _mm512_maskz_loadu_ps(tail, b + i), s1);
  }
  return sum_of(s0, s1, s2, s3);
}
#endif
