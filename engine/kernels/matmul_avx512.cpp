// The forward pass's kernels for AVX-512 (F, BW, VL) without VNNI. See kernel_table.h for what each
// computes.
#include "engine/kernels/avx512_body.h"
#include "engine/kernels/kernel_table.h"

namespace {

constexpr int kTilePanels = 3;
constexpr int kTileTokens = 4;
constexpr int kStreamTokens = 8;
constexpr int kFloatPanels = 2;
constexpr int kFloatTokens = 12;
constexpr bool kSignedCodes = true;
constexpr bool kMatrixProducts = false;

// 16-bit sums of two products hold 2 * 128 * 127; signed codes go as magnitude and sign.
template <bool kSigned>
inline I32x16 dot_4(I32x16 sums, U32x16 codes, U32x16 x) {
  auto a = reinterpret_cast<__m512i>(codes), b = reinterpret_cast<__m512i>(x);
  if (kSigned) {
    b = _mm512_mask_sub_epi8(b, _mm512_movepi8_mask(a), _mm512_setzero_si512(), b);
    a = _mm512_abs_epi8(a);
  }
  const __m512i pairs = _mm512_maddubs_epi16(a, b);
  return sums + reinterpret_cast<I32x16>(_mm512_madd_epi16(pairs, _mm512_set1_epi16(1)));
}

}  // namespace

#include "engine/kernels/attention_body.h"
#include "engine/kernels/float_body.h"
#include "engine/kernels/stream_body.h"

const SaseoMatmulKernels kSaseoMatmulAvx512 = {
    "avx512",        kTilePanels,        kStreamTokens,     turn_floats,
    multiply_floats, unpack_row_of_type, widen_row_of_type, attend,
    quantize_row,    unpack_panel,       multiply_panels,   stream_panels,
    soft_cap,        gelu_times,         rms_norm,          add_row};
