// The forward pass's kernels for AVX-512 with VNNI (F, BW, VL). See kernel_table.h for what each
// computes.
#include <immintrin.h>

#include "engine/kernels/kernel_table.h"
#include "engine/kernels/unpack_body.h"

namespace {

// The scales of 64 columns in the lanes of their products: a vpdpbusd lane sums 4 columns, so that
// 4 lanes share the scale of a group of 16, and 8 that of a group of 32.
template <int kGroup>
__m512 lane_scales(const float* scales) {
  if (kGroup == 16) {
    const __m512i lanes = _mm512_set_epi32(3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0);
    return _mm512_permutexvar_ps(lanes, _mm512_castps128_ps512(_mm_loadu_ps(scales)));
  }
  return _mm512_mask_blend_ps(0xFF00, _mm512_set1_ps(scales[0]), _mm512_set1_ps(scales[1]));
}

// kRows rows against kTokens tokens: each load of one serves all of the other. vpdpbusd takes
// unsigned codes: signed ones are raised by 128 and 128 * (sum of x) is taken off again.
template <int kGroup, bool kSigned, int kRows, int kTokens>
void multiply_block(const SaseoWeightTile* w, size_t r0, const SaseoActivationTile* x, size_t t0,
                    size_t cols, float* y, size_t y_stride) {
  const size_t groups = cols / kGroup;
  const size_t x_groups = cols / 16;
  const uint8_t* codes = w->codes + r0 * cols;
  const float* scales = w->scales + r0 * groups;
  const int8_t* x_codes = x->codes + t0 * cols;
  const float* x_scales = x->scales + t0 * x_groups;
  const __m512i top_bits = _mm512_set1_epi8(static_cast<char>(0x80));
  __m512 sum[kRows][kTokens];
  for (auto& row : sum) {
    for (__m512& s : row) s = _mm512_setzero_ps();
  }
  for (size_t i = 0; i < cols; i += 64) {
    __m512i b[kTokens], start[kTokens];
    __m512 b_scale[kTokens];
    for (size_t t = 0; t < kTokens; ++t) {
      b[t] = _mm512_loadu_si512(x_codes + t * cols + i);
      b_scale[t] = lane_scales<16>(x_scales + t * x_groups + i / 16);
      start[t] = _mm512_setzero_si512();
      if (kSigned) {
        start[t] = _mm512_sub_epi32(start[t], _mm512_dpbusd_epi32(start[t], top_bits, b[t]));
      }
    }
    for (size_t r = 0; r < kRows; ++r) {
      __m512i a = _mm512_loadu_si512(codes + r * cols + i);
      if (kSigned) a = _mm512_xor_si512(a, top_bits);
      const __m512 a_scale = lane_scales<kGroup>(scales + r * groups + i / kGroup);
      for (size_t t = 0; t < kTokens; ++t) {
        const __m512 products = _mm512_cvtepi32_ps(_mm512_dpbusd_epi32(start[t], a, b[t]));
        sum[r][t] = _mm512_fmadd_ps(products, _mm512_mul_ps(a_scale, b_scale[t]), sum[r][t]);
      }
    }
  }
  const float* sums = (kGroup == 16 ? x->sums_16 : x->sums_32) + t0 * groups;
  for (size_t r = 0; r < kRows; ++r) {
    for (size_t t = 0; t < kTokens; ++t) {
      __m512 total = sum[r][t];
      if (!kSigned) {
        const float* offsets = w->offsets + (r0 + r) * groups;
        for (size_t g = 0; g < groups; g += 16) {
          const size_t left = groups - g;
          const __mmask16 mask = left >= 16 ? 0xFFFF : static_cast<__mmask16>((1u << left) - 1);
          total = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(mask, offsets + g),
                                  _mm512_maskz_loadu_ps(mask, sums + t * groups + g), total);
        }
      }
      y[(t0 + t) * y_stride + r0 + r] = _mm512_reduce_add_ps(total);
    }
  }
}

template <int kGroup, bool kSigned>
void multiply_tile(const SaseoWeightTile* w, const SaseoActivationTile* x, size_t cols, float* y,
                   size_t y_stride) {
  size_t t = 0;
  for (; t + 4 <= x->tokens; t += 4) {
    size_t r = 0;
    for (; r + 4 <= w->rows; r += 4) {
      multiply_block<kGroup, kSigned, 4, 4>(w, r, x, t, cols, y, y_stride);
    }
    for (; r < w->rows; ++r) multiply_block<kGroup, kSigned, 1, 4>(w, r, x, t, cols, y, y_stride);
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

const SaseoMatmulKernels kSaseoMatmulAvx512Vnni = {
    "avx512vnni", multiply_codes, multiply_floats, unpack_row_of_type, widen_row_of_type,
    dot_half,     add_half,       dot_bytes,       add_bytes};
