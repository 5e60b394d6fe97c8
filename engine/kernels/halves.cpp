#include "engine/kernels/halves.h"

#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace saseo {
namespace {

// Convert as many of the n values as make whole vectors; return how many those are.
#if defined(__x86_64__)
__attribute__((target("avx,f16c"))) std::size_t convert_vectors(const float* values, std::size_t n,
                                                                std::uint16_t* halves) {
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(halves + i),
                     _mm256_cvtps_ph(_mm256_loadu_ps(values + i), _MM_FROUND_TO_NEAREST_INT));
  }
  return i;
}
// A processor with AVX2 has F16C, which not every compiler can ask for.
bool has_conversion() { return __builtin_cpu_supports("avx2"); }
#elif defined(__aarch64__)
std::size_t convert_vectors(const float* values, std::size_t n, std::uint16_t* halves) {
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4)
    vst1_u16(halves + i, vreinterpret_u16_f16(vcvt_f16_f32(vld1q_f32(values + i))));
  return i;
}
bool has_conversion() { return true; }
#else
std::size_t convert_vectors(const float*, std::size_t, std::uint16_t*) { return 0; }
bool has_conversion() { return false; }
#endif

}  // namespace

std::uint16_t half_of_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000u);
  const std::uint32_t magnitude = bits & 0x7FFFFFFFu;
  if (magnitude > 0x7F800000u) return static_cast<std::uint16_t>(sign | 0x7E00u);  // NaN
  if (magnitude >= 0x477FF000u) return static_cast<std::uint16_t>(sign | 0x7C00u);
  if (magnitude < 0x38800000u) {  // Subnormal: adding 0.5 aligns the bits to keep, rounded.
    const float aligned = std::bit_cast<float>(magnitude) + 0.5f;
    return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(aligned) - 0x3F000000u));
  }
  const std::uint32_t odd = (magnitude >> 13) & 1u;
  return static_cast<std::uint16_t>(sign | ((magnitude - (112u << 23) + 0xFFFu + odd) >> 13));
}

void halves_of_floats(const float* values, std::size_t n, std::uint16_t* halves) {
  static const bool converts = has_conversion();
  for (std::size_t i = converts ? convert_vectors(values, n, halves) : 0; i < n; ++i)
    halves[i] = half_of_float(values[i]);
}

}  // namespace saseo
