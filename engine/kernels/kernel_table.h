// What an instruction-set file gives to the choosers (distance.cpp, matmul.cpp). Such files include
// only this, the bodies beside it and <immintrin.h> or <arm_neon.h>: an inline std:: function
// compiled for AVX-512 could be kept for the whole program.
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {
float saseo_inner_product_avx2(const float* a, const float* b, size_t dims);
float saseo_squared_distance_avx2(const float* a, const float* b, size_t dims);
float saseo_inner_product_avx512(const float* a, const float* b, size_t dims);
float saseo_squared_distance_avx512(const float* a, const float* b, size_t dims);
float saseo_inner_product_neon(const float* a, const float* b, size_t dims);
float saseo_squared_distance_neon(const float* a, const float* b, size_t dims);

// y[t * y_stride] = w . x[t];  w: (cols), x: (tokens, x_stride)
typedef void (*SaseoMultiplyFloats)(const float* w, const float* x, size_t x_stride, size_t tokens,
                                    size_t cols, float* y, size_t y_stride);
typedef void (*SaseoUnpackRow)(uint32_t type, const uint8_t* row, size_t cols, uint8_t* codes,
                               float* scales, float* offsets);
typedef void (*SaseoWidenRow)(uint32_t type, const uint8_t* row, size_t cols, float* out);

// Panels in the common form (panel_body.h): `panels` of 16 rows, `blocks` of 32 columns.
struct SaseoPanels {
  const uint8_t* codes;  // (panels, blocks, 8, 16, 4): columns by fours, of 16 rows
  const float* scales;   // (panels, blocks, groups, 16); groups: 2 for Q2_K, Q3_K, Q6_K, 1 else
  const float* offsets;  // as scales; of the types that have them
  size_t panels;
  size_t blocks;
};
// The activations' columns that meet them, from the first.
struct SaseoPanelActivations {
  const int8_t* codes;   // (tokens, code_stride)
  const float* scales;   // (tokens, scale_stride): per 16 columns
  const float* sums_16;  // (tokens, scale_stride): scale * sum of the codes, per 16 columns
  const float* sums_32;  // (tokens, scale_stride / 2): of both groups
  size_t tokens;
  size_t code_stride;
  size_t scale_stride;
};
// A number of `blocks` of 32 columns (whole blocks of the type) of a panel in its common form.
typedef void (*SaseoUnpackPanel)(uint32_t type, const uint8_t* panel, size_t blocks, uint8_t* codes,
                                 float* scales, float* offsets);
// y[t * y_stride + r] = (first ? 0 : y[...]) + weights[r] . x[t], 16 * panels results a token. A
// result does not depend on what else is in the call.
typedef void (*SaseoMultiplyPanels)(uint32_t type, const SaseoPanels* weights,
                                    const SaseoPanelActivations* x, float* y, size_t y_stride,
                                    bool first);
// Products with cached keys and values, n a multiple of 32. Halves are IEEE; bytes have a scale per
// 32 elements.
typedef float (*SaseoDotHalf)(const float* q, const uint16_t* k, size_t n);
typedef void (*SaseoAddHalf)(float weight, const uint16_t* v, size_t n, float* out);
typedef float (*SaseoDotBytes)(const float* q, const int8_t* k, const float* scales, size_t n);
typedef void (*SaseoAddBytes)(float weight, const int8_t* v, const float* scales, size_t n,
                              float* out);
// x = cap * tanh(x / cap)
typedef void (*SaseoSoftCap)(float* x, size_t n, float cap);
// gate = gelu(gate) * up, with the tanh approximation that Gemma was trained with
typedef void (*SaseoGeluTimes)(float* gate, const float* up, size_t n);
// x = e^x / sum of e^x; n at least 1
typedef void (*SaseoSoftmax)(float* x, size_t n);

// A version of every kernel that the forward pass calls.
struct SaseoMatmulKernels {
  const char* name;
  SaseoMultiplyFloats multiply_floats;
  SaseoUnpackRow unpack_row;
  SaseoWidenRow widen_row;
  SaseoDotHalf dot_half;
  SaseoAddHalf add_half;
  SaseoDotBytes dot_bytes;
  SaseoAddBytes add_bytes;
  SaseoUnpackPanel unpack_panel;
  SaseoMultiplyPanels multiply_panels;
  SaseoSoftCap soft_cap;
  SaseoGeluTimes gelu_times;
  SaseoSoftmax softmax;
};
extern const SaseoMatmulKernels kSaseoMatmulScalar;
extern const SaseoMatmulKernels kSaseoMatmulAvx2;        // AVX2, FMA, F16C
extern const SaseoMatmulKernels kSaseoMatmulAvx512;      // AVX-512 F, BW, VL
extern const SaseoMatmulKernels kSaseoMatmulAvx512Vnni;  // And VNNI
extern const SaseoMatmulKernels kSaseoMatmulNeon;        // ARMv8.2 with dot products (SDOT)
extern const SaseoMatmulKernels kSaseoMatmulNeonI8mm;    // And products of matrices (SMMLA)
}
