#include "engine/kernels/halves.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace saseo {
namespace {

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

std::size_t convert_to_halves(const float* values, std::size_t n, std::uint16_t* halves) {
  static const bool converts = has_conversion();
  return converts ? convert_vectors(values, n, halves) : 0;
}

}  // namespace saseo
