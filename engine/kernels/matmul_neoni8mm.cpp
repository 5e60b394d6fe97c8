// The forward pass's kernels for ARMv8.2 with I8MM: two tokens at once meet eight columns of two
// rows (SMMLA). See kernel_table.h for what each computes.
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
constexpr bool kMatrixProducts = true;

// Codes of either kind are at most 127.
template <bool kSigned>
inline I32Register dot_4(I32Register sums, U32Register codes, U32Register x) {
  return vdotq_s32(sums, reinterpret_cast<int8x16_t>(codes), reinterpret_cast<int8x16_t>(x));
}

inline void splat_two(I32Register& a, I32Register& b, int32_t start_0, int32_t start_1) {
  a = b = I32Register{start_0, start_1, start_0, start_1};
}
// a: rows 0 and 1, of each both tokens; b: rows 2 and 3. x_low, x_high: both tokens' four columns
// that meet `low`, and `high`.
inline void dot_8(I32Register& a, I32Register& b, U32Register low, U32Register high,
                  const int8_t* x_low, const int8_t* x_high) {
  const uint32x2_t zero = vdup_n_u32(0);
  const uint32x4_t four_low = vcombine_u32(vreinterpret_u32_s8(vld1_s8(x_low)), zero);
  const uint32x4_t four_high = vcombine_u32(vreinterpret_u32_s8(vld1_s8(x_high)), zero);
  const int8x16_t x = vreinterpretq_s8_u32(vzip1q_u32(four_low, four_high));
  a = vmmlaq_s32(a, vreinterpretq_s8_u32(vzip1q_u32(low, high)), x);
  b = vmmlaq_s32(b, vreinterpretq_s8_u32(vzip2q_u32(low, high)), x);
}
inline void separate(I32Register& a, I32Register& b) {
  const I32Register first = vuzp1q_s32(a, b);
  b = vuzp2q_s32(a, b);
  a = first;
}
template <typename I>
inline void splat_two(Pair<I>& a, Pair<I>& b, int32_t start_0, int32_t start_1) {
  splat_two(a.low, b.low, start_0, start_1);
  a.high = a.low;
  b.high = b.low;
}
template <typename I, typename U>
inline void dot_8(Pair<I>& a, Pair<I>& b, Pair<U> low, Pair<U> high, const int8_t* x_low,
                  const int8_t* x_high) {
  dot_8(a.low, b.low, low.low, high.low, x_low, x_high);
  dot_8(a.high, b.high, low.high, high.high, x_low, x_high);
}
template <typename I>
inline void separate(Pair<I>& a, Pair<I>& b) {
  separate(a.low, b.low);
  separate(a.high, b.high);
}

}  // namespace

#include "engine/kernels/attention_body.h"
#include "engine/kernels/float_body.h"
#include "engine/kernels/stream_body.h"

const SaseoMatmulKernels kSaseoMatmulNeonI8mm = {
    "neoni8mm",      kTilePanels,        kStreamTokens,     turn_floats,
    multiply_floats, unpack_row_of_type, widen_row_of_type, attend,
    quantize_row,    unpack_panel,       multiply_panels,   stream_panels,
    soft_cap,        gelu_times,         rms_norm,          add_row};
#endif
