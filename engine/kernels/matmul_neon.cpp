// The forward pass's kernels for ARMv8.2 with dot products (SDOT). See kernel_table.h for what each
// computes.
#if defined(__aarch64__)
#include "engine/kernels/kernel_table.h"
#include "engine/kernels/neon_body.h"

namespace {

constexpr int kTilePanels = 1;
constexpr int kTileTokens = 2;
constexpr int kStreamTokens = 2;
constexpr int kFloatPanels = 1;
constexpr int kFloatTokens = 6;
constexpr bool kSignedCodes = true;
constexpr bool kMatrixProducts = false;

// Codes of either kind are at most 127.
template <bool kSigned>
inline I32Register dot_4(I32Register sums, U32Register codes, U32Register x) {
  return vdotq_s32(sums, reinterpret_cast<int8x16_t>(codes), reinterpret_cast<int8x16_t>(x));
}

}  // namespace

#include "engine/kernels/attention_body.h"
#include "engine/kernels/float_body.h"
#include "engine/kernels/stream_body.h"

const SaseoMatmulKernels kSaseoMatmulNeon = {
    "neon",          kTilePanels,        kStreamTokens,     turn_floats,
    multiply_floats, unpack_row_of_type, widen_row_of_type, attend,
    quantize_row,    unpack_panel,       multiply_panels,   stream_panels,
    soft_cap,        gelu_times,         rms_norm,          add_row};
#endif
