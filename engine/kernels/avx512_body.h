// What the AVX-512 (F, BW, VL) sets share: the hooks of the bodies (panel_body.h) that do not
// multiply codes.
//
// It must not include anything that has inline functions of external linkage.
#include <immintrin.h>

#include "engine/kernels/lanes.h"
#include "engine/kernels/unpack_body.h"

namespace {

inline F32x16 fused(F32x16 a, F32x16 b, F32x16 c) { return _mm512_fmadd_ps(a, b, c); }

inline F32Register scaled(I32Register sums, F32Register x_scale, F32Register x_shift) {
  return fused(as_f32(sums), x_scale, x_shift);
}

inline F32x16 halves_16(const uint8_t* bytes) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes)));
}

inline U32x16 levels_64(U32x16 codes) {
  const __m512i levels =
      _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(kLevels)));
  return reinterpret_cast<U32x16>(_mm512_shuffle_epi8(levels, reinterpret_cast<__m512i>(codes)));
}

inline F32x16 bytes_16(const int8_t* p) {
  return _mm512_cvtepi32_ps(
      _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}

// Halves are added to halves, twice across and twice within 128 bits: in sum_of_lanes()'s order.
#define SASEO_OWN_SUMS_OF_16
inline void sums_of_16(const F32x16* v, float* sums) {
  __m512 quarters[4];  // Of vectors 4 i to 4 i + 3, in their order.
  for (int i = 0; i < 4; ++i) {
    const __m512 a = v[4 * i], b = v[4 * i + 1], c = v[4 * i + 2], d = v[4 * i + 3];
    const __m512 ab =
        _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xEE));
    const __m512 cd =
        _mm512_add_ps(_mm512_shuffle_f32x4(c, d, 0x44), _mm512_shuffle_f32x4(c, d, 0xEE));
    quarters[i] =
        _mm512_add_ps(_mm512_shuffle_f32x4(ab, cd, 0x88), _mm512_shuffle_f32x4(ab, cd, 0xDD));
  }
  const __m512 low = _mm512_add_ps(_mm512_unpacklo_ps(quarters[0], quarters[1]),
                                   _mm512_unpackhi_ps(quarters[0], quarters[1]));
  const __m512 high = _mm512_add_ps(_mm512_unpacklo_ps(quarters[2], quarters[3]),
                                    _mm512_unpackhi_ps(quarters[2], quarters[3]));
  const __m512 all =
      _mm512_add_ps(_mm512_shuffle_ps(low, high, 0x44), _mm512_shuffle_ps(low, high, 0xEE));
  float lanes[16];  // Lane 4 l + i: vector 4 i + l.
  _mm512_storeu_ps(lanes, all);
  for (int i = 0; i < 16; ++i) sums[i] = lanes[4 * (i % 4) + i / 4];
}

}  // namespace
