// What an instruction-set file gives to the choosers (distance.cpp, matmul.cpp). Such files include
// only this, unpack_body.h and <immintrin.h>: an inline std:: function compiled for AVX-512 could
// be kept for the whole program.
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {
float saseo_inner_product_avx2(const float* a, const float* b, size_t dims);
float saseo_squared_distance_avx2(const float* a, const float* b, size_t dims);
float saseo_inner_product_avx512(const float* a, const float* b, size_t dims);
float saseo_squared_distance_avx512(const float* a, const float* b, size_t dims);

// Weights in the common form (unpack_body.h), rows padded to `cols`, a multiple of 64; the padding
// meets activations of zero and may hold any finite scale.
struct SaseoWeightTile {
  const uint8_t* codes;  // (rows, cols)
  const float* scales;   // (rows, cols / group)
  const float* offsets;  // (rows, cols / group); nullptr where the codes are signed.
  size_t rows;
  size_t group;  // 16 or 32
};
// Activations of a batch: codes -127..127, padded with zeros.
struct SaseoActivationTile {
  const int8_t* codes;   // (tokens, cols)
  const float* scales;   // (tokens, cols / 16)
  const float* sums_16;  // (tokens, cols / 16): scale * sum of the group's codes
  const float* sums_32;  // (tokens, cols / 32): of both groups
  size_t tokens;
};

// y[t * y_stride + r] = sum over the columns of scales[r] * codes[r] * x.scales[t] * x.codes[t]
//                     + sum over the weights' groups of offsets[r] * x.sums[t]
// with exact integer products within a group of 16.
// A result does not depend on what else is in the tiles.
typedef void (*SaseoMultiplyCodes)(const SaseoWeightTile* weights, const SaseoActivationTile* x,
                                   size_t cols, float* y, size_t y_stride);
// y[t * y_stride] = w . x[t];  w: (cols), x: (tokens, x_stride)
typedef void (*SaseoMultiplyFloats)(const float* w, const float* x, size_t x_stride, size_t tokens,
                                    size_t cols, float* y, size_t y_stride);
typedef void (*SaseoUnpackRow)(uint32_t type, const uint8_t* row, size_t cols, uint8_t* codes,
                               float* scales, float* offsets);
typedef void (*SaseoWidenRow)(uint32_t type, const uint8_t* row, size_t cols, float* out);
// Products with cached keys and values, n a multiple of 32. Halves are IEEE; bytes have a scale per
// 32 elements.
typedef float (*SaseoDotHalf)(const float* q, const uint16_t* k, size_t n);
typedef void (*SaseoAddHalf)(float weight, const uint16_t* v, size_t n, float* out);
typedef float (*SaseoDotBytes)(const float* q, const int8_t* k, const float* scales, size_t n);
typedef void (*SaseoAddBytes)(float weight, const int8_t* v, const float* scales, size_t n,
                              float* out);

// A version of every kernel that the forward pass calls.
struct SaseoMatmulKernels {
  const char* name;
  SaseoMultiplyCodes multiply_codes;
  SaseoMultiplyFloats multiply_floats;
  SaseoUnpackRow unpack_row;
  SaseoWidenRow widen_row;
  SaseoDotHalf dot_half;
  SaseoAddHalf add_half;
  SaseoDotBytes dot_bytes;
  SaseoAddBytes add_bytes;
};
extern const SaseoMatmulKernels kSaseoMatmulScalar;
extern const SaseoMatmulKernels kSaseoMatmulAvx2;        // AVX2, FMA, F16C
extern const SaseoMatmulKernels kSaseoMatmulAvx512Vnni;  // AVX-512 F, BW, VL, VNNI
}
