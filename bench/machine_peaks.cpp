#include "bench/machine_peaks.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fstream>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace saseo::bench {
namespace {

using Clock = std::chrono::steady_clock;
// The compiler splits these where the processor's vectors are narrower.
using Words = std::uint64_t __attribute__((vector_size(64), aligned(64)));

double seconds_of(auto&& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Pieces that the threads take in turn, each read in four streams and asked for well ahead: of the
// ways that were tried the fastest, up to twice as fast as one stream as it comes.
constexpr std::size_t kPiece = 1u << 20;
constexpr std::size_t kStreams = 4;
constexpr std::size_t kAhead = 2048;  // Bytes; beyond the buffer's end nothing is read.

#if defined(__x86_64__)
__attribute__((target_clones("avx512f", "avx2", "default")))
#endif
std::uint64_t
read_piece(const std::byte* from) {
  constexpr std::size_t kEach = kPiece / kStreams / sizeof(Words);
  const auto* words = reinterpret_cast<const Words*>(from);
  Words sums[kStreams][2] = {};
  for (std::size_t i = 0; i < kEach; i += 2) {
    for (std::size_t s = 0; s < kStreams; ++s) {
      const Words* here = words + s * kEach + i;
      __builtin_prefetch(reinterpret_cast<const char*>(here) + kAhead);
      __builtin_prefetch(reinterpret_cast<const char*>(here + 1) + kAhead);
      sums[s][0] += here[0];
      sums[s][1] += here[1];
    }
  }
  Words sum = {};
  for (const auto& pair : sums) sum += pair[0] + pair[1];
  return sum[0] ^ sum[7];
}

// Operations a second of `body` (calls) on every thread of the pool, the best of several runs.
double operations(ThreadPool& pool, double per_call, void (*body)()) {
  constexpr std::size_t kCalls = 64;  // Some ten milliseconds in all.
  double best = 0;
  for (int run = 0; run < 12; ++run) {
    const double seconds = seconds_of(
        [&] { pool.for_each(kCalls * pool.size(), [&](std::size_t, std::size_t) { body(); }); });
    best = std::max(best, per_call * static_cast<double>(kCalls * pool.size()) / seconds);
  }
  return best / 1e9;
}

#if defined(__x86_64__)
constexpr int kLoops = 20000;
constexpr int kChains = 14;  // Enough independent sums to hide the latency; few enough registers.

// Where sums end, so that none is left out as unused; and where factors come from.
alignas(64) thread_local float sink[16];
volatile int factor = 3;
void keep_sink() { asm volatile("" : : "r"(sink) : "memory"); }

__attribute__((target("avx512f,avx512vnni"))) void multiply_bytes() {
  __m512i sums[kChains];
  for (int i = 0; i < kChains; ++i) sums[i] = _mm512_set1_epi32(i);
  const __m512i a = _mm512_set1_epi8(static_cast<char>(factor));
  for (int n = 0; n < kLoops; ++n) {
    for (__m512i& sum : sums) sum = _mm512_dpbusd_epi32(sum, a, a);
  }
  for (const __m512i& sum : sums) {
    _mm512_store_si512(sink, sum);
    keep_sink();
  }
}

__attribute__((target("avx512f,avx512bf16"))) void multiply_bf16() {
  __m512 sums[kChains];
  for (int i = 0; i < kChains; ++i) sums[i] = _mm512_set1_ps(static_cast<float>(i));
  const auto a = reinterpret_cast<__m512bh>(_mm512_set1_ps(static_cast<float>(factor)));
  for (int n = 0; n < kLoops; ++n) {
    for (__m512& sum : sums) sum = _mm512_dpbf16_ps(sum, a, a);
  }
  for (const __m512& sum : sums) {
    _mm512_store_ps(sink, sum);
    keep_sink();
  }
}

__attribute__((target("avx512f"))) void multiply_floats_512() {
  __m512 sums[kChains];
  for (int i = 0; i < kChains; ++i) sums[i] = _mm512_set1_ps(static_cast<float>(i));
  const __m512 a = _mm512_set1_ps(1.0f / static_cast<float>(factor));
  for (int n = 0; n < kLoops; ++n) {
    for (__m512& sum : sums) sum = _mm512_fmadd_ps(a, a, sum);
  }
  for (const __m512& sum : sums) {
    _mm512_store_ps(sink, sum);
    keep_sink();
  }
}

__attribute__((target("avx2,fma"))) void multiply_floats_256() {
  __m256 sums[kChains];
  for (int i = 0; i < kChains; ++i) sums[i] = _mm256_set1_ps(static_cast<float>(i));
  const __m256 a = _mm256_set1_ps(1.0f / static_cast<float>(factor));
  for (int n = 0; n < kLoops; ++n) {
    for (__m256& sum : sums) sum = _mm256_fmadd_ps(a, a, sum);
  }
  for (const __m256& sum : sums) {
    _mm256_store_ps(sink, sum);
    keep_sink();
  }
}
#endif

}  // namespace

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return {};
}

Result<MemoryReader> MemoryReader::create(std::size_t bytes) {
  SASEO_ASSIGN_OR_RETURN(Pages pages,
                         Pages::allocate(std::max(bytes / kPiece, std::size_t{1}) * kPiece));
  // Pages that were never written are all the same page of zeros.
  std::memset(pages.bytes().data(), 1, pages.bytes().size());
  return MemoryReader(std::move(pages));
}

double MemoryReader::speed(ThreadPool& pool, int passes) const {
  const std::span<const std::byte> bytes = pages_.bytes();
  std::atomic<std::uint64_t> total = 0;  // So that nothing is left out as unused.
  double best = 0;
  for (int pass = 0; pass < passes; ++pass) {
    const double seconds = seconds_of([&] {
      pool.for_each(bytes.size() / kPiece, [&](std::size_t piece, std::size_t) {
        total.fetch_add(read_piece(bytes.data() + piece * kPiece), std::memory_order_relaxed);
      });
    });
    best = std::max(best, static_cast<double>(bytes.size()) / seconds / 1e9);
  }
  return total == 1 ? 0 : best;
}

ArithmeticPeaks measure_arithmetic(ThreadPool& pool) {
  ArithmeticPeaks peaks;
#if defined(__x86_64__)
  constexpr double kVectors = static_cast<double>(kLoops) * kChains;
  if (__builtin_cpu_supports("avx512vnni"))
    peaks.int8 = operations(pool, kVectors * 128, multiply_bytes);
  if (__builtin_cpu_supports("avx512bf16"))
    peaks.bf16 = operations(pool, kVectors * 64, multiply_bf16);
  if (__builtin_cpu_supports("avx512f")) {
    peaks.float32 = operations(pool, kVectors * 32, multiply_floats_512);
  } else if (__builtin_cpu_supports("fma")) {
    peaks.float32 = operations(pool, kVectors * 16, multiply_floats_256);
  }
#else
  (void)pool;
#endif
  return peaks;
}

}  // namespace saseo::bench
