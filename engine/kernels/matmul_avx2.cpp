// The forward pass's kernels for AVX2, FMA and F16C. See kernel_table.h for what each computes.
#include <immintrin.h>

#include "engine/kernels/kernel_table.h"
#include "engine/kernels/unpack_body.h"

namespace {

float sum_of(__m256 v) {
  __m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  s = _mm_add_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}

// The 32 products of a chunk, summed by fours: lanes 0-3 belong to its first 16 columns. The byte
// product's 16-bit sums hold 2 * 127 * 127; signed codes go as magnitude and sign, at most 128 *
// 127.
template <bool kSigned>
__m256i products_of(__m256i codes, __m256i x) {
  const __m256i pairs =
      kSigned ? _mm256_maddubs_epi16(_mm256_abs_epi8(codes), _mm256_sign_epi8(x, codes))
              : _mm256_maddubs_epi16(codes, x);
  return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

// The scales of a chunk of 32 columns, in the lanes of its products.
template <int kGroup>
__m256 chunk_scales(const float* scales, size_t chunk) {
  if (kGroup == 32) return _mm256_broadcast_ss(scales + chunk);
  return _mm256_set_m128(_mm_broadcast_ss(scales + 2 * chunk + 1),
                         _mm_broadcast_ss(scales + 2 * chunk));
}

// kRows rows against kTokens tokens: each load of one serves all of the other.
template <int kGroup, bool kSigned, int kRows, int kTokens>
void multiply_block(const SaseoWeightTile* w, size_t r0, const SaseoActivationTile* x, size_t t0,
                    size_t cols, float* y, size_t y_stride) {
  const size_t groups = cols / kGroup;
  const size_t chunks = cols / 32;
  const uint8_t* codes = w->codes + r0 * cols;
  const float* scales = w->scales + r0 * groups;
  const int8_t* x_codes = x->codes + t0 * cols;
  const float* x_scales = x->scales + t0 * 2 * chunks;
  __m256 sum[kRows][kTokens];
  for (auto& row : sum) {
    for (__m256& s : row) s = _mm256_setzero_ps();
  }
  for (size_t c = 0; c < chunks; ++c) {
    __m256i b[kTokens];
    __m256 b_scale[kTokens];
    for (size_t t = 0; t < kTokens; ++t) {
      b[t] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x_codes + t * cols + 32 * c));
      b_scale[t] = chunk_scales<16>(x_scales + t * 2 * chunks, c);
    }
    for (size_t r = 0; r < kRows; ++r) {
      const __m256i a =
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes + r * cols + 32 * c));
      const __m256 a_scale = chunk_scales<kGroup>(scales + r * groups, c);
      for (size_t t = 0; t < kTokens; ++t) {
        const __m256 products = _mm256_cvtepi32_ps(products_of<kSigned>(a, b[t]));
        sum[r][t] = _mm256_fmadd_ps(products, _mm256_mul_ps(a_scale, b_scale[t]), sum[r][t]);
      }
    }
  }
  const float* sums = (kGroup == 16 ? x->sums_16 : x->sums_32) + t0 * groups;
  for (size_t r = 0; r < kRows; ++r) {
    for (size_t t = 0; t < kTokens; ++t) {
      float total = sum_of(sum[r][t]);
      if (!kSigned) {
        const float* offsets = w->offsets + (r0 + r) * groups;
        __m128 rest = _mm_setzero_ps();
        size_t g = 0;
        for (; g + 4 <= groups; g += 4) {
          rest = _mm_fmadd_ps(_mm_loadu_ps(offsets + g), _mm_loadu_ps(sums + t * groups + g), rest);
        }
        for (; g < groups; ++g) {
          rest = _mm_fmadd_ss(_mm_load_ss(offsets + g), _mm_load_ss(sums + t * groups + g), rest);
        }
        total += sum_of(_mm256_zextps128_ps256(rest));
      }
      y[(t0 + t) * y_stride + r0 + r] = total;
    }
  }
}

template <int kGroup, bool kSigned>
void multiply_tile(const SaseoWeightTile* w, const SaseoActivationTile* x, size_t cols, float* y,
                   size_t y_stride) {
  size_t t = 0;
  for (; t + 3 <= x->tokens; t += 3) {
    size_t r = 0;
    for (; r + 2 <= w->rows; r += 2) {
      multiply_block<kGroup, kSigned, 2, 3>(w, r, x, t, cols, y, y_stride);
    }
    for (; r < w->rows; ++r) multiply_block<kGroup, kSigned, 1, 3>(w, r, x, t, cols, y, y_stride);
  }
  for (; t < x->tokens; ++t) {
    size_t r = 0;
    for (; r + 4 <= w->rows; r += 4) {
      multiply_block<kGroup, kSigned, 4, 1>(w, r, x, t, cols, y, y_stride);
    }
    for (; r < w->rows; ++r) multiply_block<kGroup, kSigned, 1, 1>(w, r, x, t, cols, y, y_stride);
  }
}

void multiply_codes(const SaseoWeightTile* w, const SaseoActivationTile* x, size_t cols, float* y,
                    size_t y_stride) {
  if (w->offsets == nullptr) return multiply_tile<32, true>(w, x, cols, y, y_stride);
  if (w->group == 32) return multiply_tile<32, false>(w, x, cols, y, y_stride);
  multiply_tile<16, false>(w, x, cols, y, y_stride);
}

void multiply_floats(const float* w, const float* x, size_t x_stride, size_t tokens, size_t cols,
                     float* y, size_t y_stride) {
  for (size_t t = 0; t < tokens; ++t) {
    const float* row = x + t * x_stride;
    __m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;
    size_t i = 0;
    for (; i + 32 <= cols; i += 32) {
      a = _mm256_fmadd_ps(_mm256_loadu_ps(w + i), _mm256_loadu_ps(row + i), a);
      b = _mm256_fmadd_ps(_mm256_loadu_ps(w + i + 8), _mm256_loadu_ps(row + i + 8), b);
      c = _mm256_fmadd_ps(_mm256_loadu_ps(w + i + 16), _mm256_loadu_ps(row + i + 16), c);
      d = _mm256_fmadd_ps(_mm256_loadu_ps(w + i + 24), _mm256_loadu_ps(row + i + 24), d);
    }
    float sum = sum_of(_mm256_add_ps(_mm256_add_ps(a, b), _mm256_add_ps(c, d)));
    for (; i < cols; ++i) sum += w[i] * row[i];
    y[t * y_stride] = sum;
  }
}

__m256 load_half(const uint16_t* p) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}

float dot_half(const float* q, const uint16_t* k, size_t n) {
  __m256 a = _mm256_setzero_ps(), b = a;
  for (size_t i = 0; i < n; i += 16) {
    a = _mm256_fmadd_ps(_mm256_loadu_ps(q + i), load_half(k + i), a);
    b = _mm256_fmadd_ps(_mm256_loadu_ps(q + i + 8), load_half(k + i + 8), b);
  }
  return sum_of(_mm256_add_ps(a, b));
}

void add_half(float weight, const uint16_t* v, size_t n, float* out) {
  const __m256 factor = _mm256_set1_ps(weight);
  for (size_t i = 0; i < n; i += 8) {
    _mm256_storeu_ps(out + i, _mm256_fmadd_ps(factor, load_half(v + i), _mm256_loadu_ps(out + i)));
  }
}

__m256 load_bytes(const int8_t* p) {
  return _mm256_cvtepi32_ps(
      _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
}

float dot_bytes(const float* q, const int8_t* k, const float* scales, size_t n) {
  __m256 sum = _mm256_setzero_ps();
  for (size_t i = 0; i < n; i += 32) {
    __m256 part = _mm256_mul_ps(_mm256_loadu_ps(q + i), load_bytes(k + i));
    for (size_t j = 8; j < 32; j += 8) {
      part = _mm256_fmadd_ps(_mm256_loadu_ps(q + i + j), load_bytes(k + i + j), part);
    }
    sum = _mm256_fmadd_ps(part, _mm256_set1_ps(scales[i / 32]), sum);
  }
  return sum_of(sum);
}

void add_bytes(float weight, const int8_t* v, const float* scales, size_t n, float* out) {
  for (size_t i = 0; i < n; i += 8) {
    const __m256 factor = _mm256_set1_ps(weight * scales[i / 32]);
    _mm256_storeu_ps(out + i, _mm256_fmadd_ps(factor, load_bytes(v + i), _mm256_loadu_ps(out + i)));
  }
}

}  // namespace

const SaseoMatmulKernels kSaseoMatmulAvx2 = {
    "avx2",   multiply_codes, multiply_floats, unpack_row_of_type, widen_row_of_type,
    dot_half, add_half,       dot_bytes,       add_bytes};
