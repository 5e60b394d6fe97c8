// The forward pass's kernels for AVX-512 with VNNI (F, BW, VL). See kernel_table.h for what each
// computes.
#include "engine/kernels/avx512_body.h"
#include "engine/kernels/kernel_table.h"

namespace {

constexpr int kTilePanels = 3;
constexpr int kTileTokens = 4;
constexpr int kStreamTokens = 8;
constexpr int kFloatPanels = 2;
constexpr int kFloatTokens = 12;
constexpr bool kSignedCodes = false;
constexpr bool kMatrixProducts = false;

template <bool kSigned>
inline I32x16 dot_4(I32x16 sums, U32x16 codes, U32x16 x) {
  return reinterpret_cast<I32x16>(_mm512_dpbusd_epi32(reinterpret_cast<__m512i>(sums),
                                                      reinterpret_cast<__m512i>(codes),
                                                      reinterpret_cast<__m512i>(x)));
}

}  // namespace

#include "engine/kernels/attention_body.h"
#include "engine/kernels/float_body.h"
#include "engine/kernels/stream_body.h"

const SaseoMatmulKernels kSaseoMatmulAvx512Vnni = {
    "avx512vnni",    kTilePanels,        kStreamTokens,     turn_floats,
    multiply_floats, unpack_row_of_type, widen_row_of_type, attend,
    quantize_row,    unpack_panel,       multiply_panels,   stream_panels,
    soft_cap,        gelu_times,         rms_norm,          add_row};
