// Speed of the matrix products of a forward pass, for a feed-forward matrix of Gemma 2 2B, per
// weight type and number of tokens, on all processors: GOP/s (two operations a multiply-add) and
// GB/s of weights read. Every call reads another copy of the matrix, so that weights come from
// memory as they do in a forward pass.
#include <benchmark/benchmark.h>

#include <cstring>
#include <random>

#include "engine/half.h"
#include "engine/kernels/matmul.h"
#include "engine/matmul.h"
#include "engine/panels.h"

namespace {

constexpr std::uint32_t kRows = 9216;
constexpr std::uint32_t kCols = 2304;
constexpr std::size_t kCopies = 24;  // About 290 MB of Q4_0: far over every cache.

// Random bytes whose half-precision scales, wherever they stand, are small and finite.
std::vector<std::byte> random_weights(saseo::TensorType type) {
  std::vector<std::byte> bytes(kCopies * kRows * saseo::row_bytes(type, kCols));
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    const std::uint64_t word = random() & 0x1F7F1F7F1F7F1F7Full;
    std::memcpy(bytes.data() + i, &word, 8);
  }
  return bytes;
}

void BM_Multiply(benchmark::State& state, saseo::TensorType type) {
  const auto tokens = static_cast<std::size_t>(state.range(0));
  const std::vector<std::byte> weights = random_weights(type);
  const bool panels = !saseo::is_float_type(type);
  std::vector<std::byte> arranged(panels ? weights.size() : 0);
  const std::size_t panel = saseo::panel_bytes(type, kCols);
  for (std::size_t at = 0; at < arranged.size(); at += panel) {
    saseo::make_panel(type, weights.data() + at, saseo::kPanelRows, saseo::row_bytes(type, kCols),
                      kCols / saseo::tensor_type_info(type).block_elements, arranged.data() + at);
  }
  const std::byte* data = panels ? arranged.data() : weights.data();
  std::vector<float> x(tokens * kCols), y(tokens * kRows);
  std::mt19937 random(2);
  std::normal_distribution<float> normal;
  for (float& v : x) v = normal(random);
  saseo::ThreadPool pool;
  saseo::Activations activations;
  std::size_t copy = 0;
  const std::size_t bytes = kRows * saseo::row_bytes(type, kCols);
  for (auto _ : state) {
    const saseo::WeightMatrix w = {type, kRows, kCols, data + copy++ % kCopies * bytes, panels};
    activations.set(x, kCols, saseo::Arithmetic::kInteger, pool);
    saseo::multiply(w, activations, y, pool);
    benchmark::DoNotOptimize(y.data());
  }
  const auto calls = static_cast<double>(state.iterations());
  state.counters["GOP/s"] = benchmark::Counter(
      calls * 2e-9 * kRows * kCols * static_cast<double>(tokens), benchmark::Counter::kIsRate);
  state.counters["GB/s"] =
      benchmark::Counter(calls * 1e-9 * static_cast<double>(bytes), benchmark::Counter::kIsRate);
  state.SetLabel(saseo::matmul_kernels().name);
}

void sizes(benchmark::internal::Benchmark* bench) {
  for (const int tokens : {1, 2, 4, 8, 16, 128, 512}) bench->Arg(tokens);
  bench->UseRealTime()->Unit(benchmark::kMicrosecond);
}

BENCHMARK_CAPTURE(BM_Multiply, Q4_0, saseo::TensorType::kQ4_0)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, Q4_K, saseo::TensorType::kQ4_K)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, Q6_K, saseo::TensorType::kQ6_K)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, Q8_0, saseo::TensorType::kQ8_0)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, Q5_K, saseo::TensorType::kQ5_K)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, IQ4_XS, saseo::TensorType::kIQ4_XS)->Apply(sizes);
BENCHMARK_CAPTURE(BM_Multiply, BF16, saseo::TensorType::kBF16)->Apply(sizes);

}  // namespace

BENCHMARK_MAIN();
