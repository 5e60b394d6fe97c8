// The forward pass's kernels for AVX2, FMA and F16C. See kernel_table.h for what each computes.
#include <immintrin.h>

#include "engine/kernels/kernel_table.h"
#include "engine/kernels/lanes.h"
#include "engine/kernels/unpack_body.h"

namespace {

constexpr int kTilePanels = 1;
constexpr int kTileTokens = 2;
constexpr int kStreamTokens = 2;
constexpr int kFloatPanels = 1;
constexpr int kFloatTokens = 4;
constexpr bool kSignedCodes = true;
constexpr bool kMatrixProducts = false;

// 16-bit sums of two products hold 2 * 128 * 127; signed codes go as magnitude and sign.
template <bool kSigned>
inline I32Register dot_4(I32Register sums, U32Register codes, U32Register x) {
  const auto a = reinterpret_cast<__m256i>(codes), b = reinterpret_cast<__m256i>(x);
  const __m256i pairs = kSigned ? _mm256_maddubs_epi16(_mm256_abs_epi8(a), _mm256_sign_epi8(b, a))
                                : _mm256_maddubs_epi16(a, b);
  return sums + reinterpret_cast<I32Register>(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

inline F32Register fused(F32Register a, F32Register b, F32Register c) {
  return _mm256_fmadd_ps(a, b, c);
}

inline F32Register scaled(I32Register sums, F32Register x_scale, F32Register x_shift) {
  return fused(as_f32(sums), x_scale, x_shift);
}

inline F32x16 halves_16(const uint8_t* bytes) {
  const auto* halves = reinterpret_cast<const __m128i*>(bytes);
  return {_mm256_cvtph_ps(_mm_loadu_si128(halves)), _mm256_cvtph_ps(_mm_loadu_si128(halves + 1))};
}

inline U32Register levels_64(U32Register codes) {
  const __m256i levels =
      _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(kLevels)));
  return reinterpret_cast<U32Register>(
      _mm256_shuffle_epi8(levels, reinterpret_cast<__m256i>(codes)));
}

inline F32x16 bytes_16(const int8_t* p) {
  const auto eight = [](const int8_t* from) {
    return _mm256_cvtepi32_ps(
        _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
  };
  return {eight(p), eight(p + 8)};
}

}  // namespace

#include "engine/kernels/attention_body.h"
#include "engine/kernels/float_body.h"
#include "engine/kernels/stream_body.h"

const SaseoMatmulKernels kSaseoMatmulAvx2 = {
    "avx2",          kTilePanels,        kStreamTokens,     turn_floats,
    multiply_floats, unpack_row_of_type, widen_row_of_type, attend,
    quantize_row,    unpack_panel,       multiply_panels,   stream_panels,
    soft_cap,        gelu_times,         rms_norm,          add_row};
