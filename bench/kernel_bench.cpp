// Speed of the matrix products of a forward pass, for a feed-forward matrix of Gemma 2 2B, per
// weight type and number of tokens, on all processors: GB/s of weights read and GOP/s (two
// operations a multiply-add), each beside the machine's peak as measured at the start. Quantised
// types are held against the peak of integers, BF16 against its own where there is one, the others
// against that of float32. Every call reads another copy of the matrix, so that weights come from
// memory as they do in a forward pass.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <random>

#include "base/pages.h"
#include "bench/machine_peaks.h"
#include "engine/forward/matmul.h"
#include "engine/kernels/matmul.h"
#include "engine/model/panels.h"

namespace {

using saseo::TensorType;

constexpr std::uint32_t kRows = 9216;
constexpr std::uint32_t kCols = 2304;
constexpr std::size_t kCopiesBytes = 1u << 30;  // Far over every cache.

struct Peaks {
  double memory = 0;  // GB/s
  saseo::bench::ArithmeticPeaks arithmetic;
};

const Peaks& peaks() {
  static const Peaks measured = [] {
    saseo::ThreadPool pool;
    const auto reader = saseo::bench::MemoryReader::create();
    return Peaks{reader.ok() ? reader->speed(pool, 6) : 0, saseo::bench::measure_arithmetic(pool)};
  }();
  return measured;
}

double arithmetic_peak(TensorType type) {
  const saseo::bench::ArithmeticPeaks& arithmetic = peaks().arithmetic;
  if (!saseo::is_float_type(type)) return arithmetic.int8;
  return type == TensorType::kBF16 ? std::max(arithmetic.bf16, arithmetic.float32)
                                   : arithmetic.float32;
}

// One matrix of random bytes whose half-precision scales, wherever they stand, are small and
// finite.
std::vector<std::byte> random_matrix(TensorType type) {
  std::vector<std::byte> bytes(kRows * saseo::row_bytes(type, kCols));
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    const std::uint64_t word = random() & 0x1F7F1F7F1F7F1F7Full;
    std::memcpy(bytes.data() + i, &word, 8);
  }
  if (saseo::is_float_type(type)) return bytes;
  std::vector<std::byte> panels(bytes.size());
  const std::size_t size = saseo::panel_bytes(type, kCols);
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    saseo::make_panel(type, bytes.data() + at, saseo::kPanelRows, saseo::row_bytes(type, kCols),
                      kCols / saseo::tensor_type_info(type).block_elements, panels.data() + at);
  }
  return panels;
}

// Copies of a matrix one after the other, in the pages that a model's matrices lie in.
saseo::Pages copies_of(const std::vector<std::byte>& matrix) {
  const std::size_t copies = kCopiesBytes / matrix.size() + 1;
  saseo::Pages pages = saseo::Pages::allocate(copies * matrix.size()).value();
  for (std::size_t i = 0; i < copies; ++i)
    std::memcpy(pages.bytes().data() + i * matrix.size(), matrix.data(), matrix.size());
  return pages;
}

void BM_Multiply(benchmark::State& state, TensorType type) {
  const auto tokens = static_cast<std::size_t>(state.range(0));
  const std::size_t bytes = kRows * saseo::row_bytes(type, kCols);
  const saseo::Pages weights = copies_of(random_matrix(type));
  const std::size_t copies = weights.bytes().size() / bytes;
  std::vector<float> x(tokens * kCols), y(tokens * kRows);
  std::mt19937 random(2);
  std::normal_distribution<float> normal;
  for (float& v : x) v = normal(random);
  saseo::ThreadPool pool;
  saseo::Activations activations;
  std::size_t copy = 0;
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) {
    const saseo::WeightMatrix w = {type, kRows, kCols,
                                   weights.bytes().data() + copy++ % copies * bytes,
                                   !saseo::is_float_type(type)};
    activations.set(x, kCols, saseo::Arithmetic::kInteger, pool);
    saseo::multiply(w, activations, y, pool);
    benchmark::DoNotOptimize(y.data());
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const double rate = static_cast<double>(state.iterations()) / took.count();
  const double operations = rate * 2e-9 * kRows * kCols * static_cast<double>(tokens);
  const double read = rate * 1e-9 * static_cast<double>(bytes);
  state.counters["GOP/s"] = operations;
  state.counters["GB/s"] = read;
  if (const double peak = arithmetic_peak(type); peak > 0)
    state.counters["%peak"] = 100 * operations / peak;
  if (peaks().memory > 0) state.counters["%memory"] = 100 * read / peaks().memory;
  state.SetLabel(saseo::matmul_kernels().name);
}

void sizes(benchmark::internal::Benchmark* bench) {
  for (const int tokens : {1, 2, 4, 8, 16, 128, 512}) bench->Arg(tokens);
  bench->UseRealTime()->Unit(benchmark::kMicrosecond);
}

BENCHMARK_CAPTURE(BM_Multiply, Q4_0, TensorType::kQ4_0)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, Q4_1, TensorType::kQ4_1)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, Q4_K, TensorType::kQ4_K)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, Q5_K, TensorType::kQ5_K)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, Q6_K, TensorType::kQ6_K)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, Q8_0, TensorType::kQ8_0)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, IQ4_NL, TensorType::kIQ4_NL)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, IQ4_XS, TensorType::kIQ4_XS)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, BF16, TensorType::kBF16)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, F16, TensorType::kF16)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, F32, TensorType::kF32)->Apply(sizes);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const auto context = [](const char* name, double value, const char* unit) {
    benchmark::AddCustomContext(name, fmt::format("{:.0f} {}", value, unit));
  };
  context("memory, read by all threads", peaks().memory, "GB/s");
  context("integer peak", peaks().arithmetic.int8, "GOP/s");
  context("bf16 peak", peaks().arithmetic.bf16, "GOP/s");
  context("float32 peak", peaks().arithmetic.float32, "GOP/s");
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
