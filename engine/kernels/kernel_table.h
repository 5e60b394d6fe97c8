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

// At most so many columns of rows of floats, turned: (SASEO_FLOAT_CHUNK, 16 rows).
#define SASEO_FLOAT_CHUNK 128
// `cols` columns of `count` <= 16 rows of F32, F16 or BF16, `stride` bytes apart; 0 where there is
// no row.
typedef void (*SaseoTurnFloats)(uint32_t type, const uint8_t* rows, size_t count, size_t stride,
                                size_t cols, float* turned);
// y[t * y_stride + r] = (first ? 0 : y[...]) + weights[r] . x[t] of turned rows;
// w: (panels, SASEO_FLOAT_CHUNK, 16), x: (tokens, x_stride). A result does not depend on what else
// is in the call.
typedef void (*SaseoMultiplyFloats)(const float* w, size_t panels, size_t cols, const float* x,
                                    size_t x_stride, size_t tokens, float* y, size_t y_stride,
                                    bool first);
typedef void (*SaseoUnpackRow)(uint32_t type, const uint8_t* row, size_t cols, uint8_t* codes,
                               float* scales, float* offsets);
typedef void (*SaseoWidenRow)(uint32_t type, const uint8_t* row, size_t cols, float* out);

// The bits of 1.5 * 2^23: an integer below 2^22 in magnitude added to them gives the bits of the
// float that is larger by it.
#define SASEO_FLOAT_ZERO 0x4B400000

// Activation rows in 8 bits: x = scale * code, with a scale per block of 32 columns, or two where
// they are fine. Tokens lie in groups of SASEO_X_GROUP, the last one filled up with anything, so
// that what a kernel takes of several tokens lies side by side.
#define SASEO_X_GROUP 4
struct SaseoPanelActivations {
  const int8_t* codes;     // (groups, blocks, 8, SASEO_X_GROUP, 4): columns by fours
  const float* scales;     // (groups, blocks, 1 or 2, SASEO_X_GROUP), their two lowest bits 0
  const float* shifts;     // as scales: -1.5 * 2^23 * scale, exact
  const int32_t* sums_16;  // (groups, blocks, 2, SASEO_X_GROUP): sum of the codes of 16 columns
  const int32_t* sums_32;  // (groups, blocks, SASEO_X_GROUP): of all 32
  size_t tokens;
  size_t blocks;       // Of a row; 16 numbers behind the last of scales and sums are readable.
  size_t first_block;  // That the weights' first columns meet.
  bool fine;
};
// codes, scales ... of one row of 32 * blocks columns, which is the token `lane` of the group whose
// arrays begin at the pointers. A block with an infinity or a NaN has a scale that is NaN, and so
// is every product with it.
typedef void (*SaseoQuantizeRow)(const float* x, size_t blocks, bool fine, size_t lane,
                                 int8_t* codes, float* scales, float* shifts, int32_t* sums_16,
                                 int32_t* sums_32);

// Panels in the common form (panel_body.h): `panels` of 16 rows, `blocks` of 32 columns.
struct SaseoPanels {
  const uint8_t* codes;  // (panels, blocks, 8, 16, 4): columns by fours, of 16 rows
  const float* scales;   // (panels, blocks, groups, 16); groups: 2 for Q2_K, Q3_K, Q6_K, 1 else
  const float* offsets;  // as scales; of the types that have them
  size_t panels;
  size_t blocks;
  // What will be unpacked next, asked for while the products are computed: of as many panels, each
  // next_stride after the one before, next_bytes from `next` on.
  const uint8_t* next;
  size_t next_stride, next_bytes;
};
// A number of `blocks` of 32 columns (whole blocks of the type) of a panel in its common form.
typedef void (*SaseoUnpackPanel)(uint32_t type, const uint8_t* panel, size_t blocks, uint8_t* codes,
                                 float* scales, float* offsets);
// y[t * y_stride + r] = (first ? 0 : y[...]) + weights[r] . x[t], 16 results a panel and token, of
// as many panels as are a multiple of the table's tile_panels; the rest is not touched. A result
// does not depend on what else is in the call, nor on which of the two kernels gives it.
typedef void (*SaseoMultiplyPanels)(uint32_t type, const SaseoPanels* weights,
                                    const SaseoPanelActivations* x, float* y, size_t y_stride,
                                    bool first);
// Panels as they lie in memory: `count` >= 1 of them, each `stride` bytes after the one before, of
// `blocks` blocks of 32 columns. next: panels of the same type and width that are likely to be
// streamed after them, asked for meanwhile; null: none.
struct SaseoStreamedPanels {
  const uint8_t* panels;
  size_t count;
  size_t stride;
  size_t blocks;
  const uint8_t* next;
};
// y[t * y_stride + r] = weights[r] . x[t] of whole panels, for few tokens.
typedef void (*SaseoStreamPanels)(uint32_t type, const SaseoStreamedPanels* weights,
                                  const SaseoPanelActivations* x, float* y, size_t y_stride);
// How cached keys and values lie: as floats, IEEE halves, or signed bytes with a float scale
// per 32.
enum SaseoKvForm { kSaseoKvF32, kSaseoKvF16, kSaseoKvBytes };
// Of one head: position p is the row p % slots.
struct SaseoAttention {
  SaseoKvForm form;
  const void* keys;           // (slots, dim)
  const void* values;         // (slots, dim)
  const float* key_scales;    // (slots, dim / 32), of bytes
  const float* value_scales;  // as key_scales
  size_t slots;
  size_t dim;      // A multiple of 32.
  float soft_cap;  // 0: none.
};
// Looks at the positions first <= p < end, of which there is at least one.
struct SaseoAttentionQuery {
  const float* q;  // (dim)
  float* out;      // (dim)
  size_t first, end;
  float largest, sum;  // The kernel's.
};
// out = softmax(q . keys) . values of each. Room for it is not needed; a query's result does not
// depend on the others.
typedef void (*SaseoAttend)(const SaseoAttention* attention, SaseoAttentionQuery* queries,
                            size_t count);
// x = cap * tanh(x / cap)
typedef void (*SaseoSoftCap)(float* x, size_t n, float cap);
// gate = gelu(gate) * up, with the tanh approximation that Gemma was trained with
typedef void (*SaseoGeluTimes)(float* gate, const float* up, size_t n);
// out = x / sqrt(mean(x^2) + epsilon) * weight; may work in place
typedef void (*SaseoRmsNorm)(const float* x, const float* weight, size_t n, float epsilon,
                             float* out);
// x += added; returns the sum of |x|, which is finite as they all are (or too large)
typedef float (*SaseoAddRow)(float* x, const float* added, size_t n);

// A version of every kernel that the forward pass calls.
struct SaseoMatmulKernels {
  const char* name;
  size_t tile_panels;    // Of multiply_panels.
  size_t stream_tokens;  // That meet what stream_panels reads at once; more pass several times.
  SaseoTurnFloats turn_floats;
  SaseoMultiplyFloats multiply_floats;
  SaseoUnpackRow unpack_row;
  SaseoWidenRow widen_row;
  SaseoAttend attend;
  SaseoQuantizeRow quantize_row;
  SaseoUnpackPanel unpack_panel;
  SaseoMultiplyPanels multiply_panels;
  SaseoStreamPanels stream_panels;
  SaseoSoftCap soft_cap;
  SaseoGeluTimes gelu_times;
  SaseoRmsNorm rms_norm;
  SaseoAddRow add_row;
};
extern const SaseoMatmulKernels kSaseoMatmulScalar;
extern const SaseoMatmulKernels kSaseoMatmulAvx2;        // AVX2, FMA, F16C
extern const SaseoMatmulKernels kSaseoMatmulAvx512;      // AVX-512 F, BW, VL
extern const SaseoMatmulKernels kSaseoMatmulAvx512Vnni;  // And VNNI
extern const SaseoMatmulKernels kSaseoMatmulNeon;        // ARMv8.2 with dot products (SDOT)
extern const SaseoMatmulKernels kSaseoMatmulNeonI8mm;    // And products of matrices (SMMLA)
}
