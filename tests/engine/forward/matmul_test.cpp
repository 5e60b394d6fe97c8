#include "engine/forward/matmul.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "engine/kernels/matmul.h"
#include "engine/model/dequantize.h"
#include "engine/model/panels.h"
#include "tests/engine/random_weights.h"
#include "tests/engine/small_floats.h"

namespace saseo {
namespace {

std::vector<float> random_floats(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& v : values) v = normal(random);
  return values;
}

WeightMatrix matrix(TensorType type, std::uint32_t rows, std::uint32_t cols,
                    const std::vector<std::byte>& bytes) {
  return {type, rows, cols, bytes.data(), false};
}

double relative_error(std::span<const float> got, std::span<const float> expected) {
  double error = 0, size = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    error += std::pow(static_cast<double>(got[i]) - expected[i], 2);
    size += std::pow(static_cast<double>(expected[i]), 2);
  }
  return std::sqrt(error / size);
}

TEST(MatmulKernels, UnpackEveryTypeToTheSameBitsAsTheReferenceWhereverTheRowLies) {
  for (const TensorType type : kQuantizedTypes) {
    const std::size_t step = tensor_type_info(type).block_elements;
    for (const std::size_t cols : {step, 3 * step, 9 * step}) {
      for (const std::size_t lead : {0, 1, 2, 13}) {
        const auto bytes = random_rows(type, 1, cols, lead);
        const auto* row = reinterpret_cast<const std::uint8_t*>(bytes.data()) + lead;
        std::vector<std::uint8_t> expected(cols);
        std::vector<float> scales(cols / 16), offsets(cols / 16);
        const auto number = static_cast<std::uint32_t>(type);
        kSaseoMatmulScalar.unpack_row(number, row, cols, expected.data(), scales.data(),
                                      offsets.data());
        for (const SaseoMatmulKernels* kernels : runnable_matmul_kernels()) {
          std::vector<std::uint8_t> codes(cols);
          std::vector<float> s(cols / 16), o(cols / 16);
          kernels->unpack_row(number, row, cols, codes.data(), s.data(), o.data());
          EXPECT_EQ(codes, expected) << kernels->name << " " << tensor_type_info(type).name;
          EXPECT_EQ(s, scales) << kernels->name;
          EXPECT_EQ(o, offsets) << kernels->name;
        }
      }
    }
  }
}

TEST(MatmulKernels, WidenHalvesAndBfloatsToTheSameBitsIncludingSubnormals) {
  std::vector<std::uint16_t> every(65536);
  for (std::size_t i = 0; i < every.size(); ++i) every[i] = static_cast<std::uint16_t>(i);
  for (const TensorType type : {TensorType::kF16, TensorType::kBF16}) {
    std::vector<float> expected(every.size()), got(every.size());
    for (std::size_t i = 0; i < every.size(); ++i) {
      expected[i] =
          type == TensorType::kF16 ? float_of_half(every[i]) : float_of_bfloat16(every[i]);
    }
    for (const SaseoMatmulKernels* kernels : runnable_matmul_kernels()) {
      kernels->widen_row(static_cast<std::uint32_t>(type),
                         reinterpret_cast<const std::uint8_t*>(every.data()), every.size(),
                         got.data());
      for (std::size_t i = 0; i < every.size(); ++i) {
        if (std::isnan(expected[i])) {
          ASSERT_TRUE(std::isnan(got[i]));
        } else {
          ASSERT_EQ(got[i], expected[i]) << kernels->name << " " << i;
        }
      }
    }
  }
}

TEST(ElementwiseKernels, ComputeWhatTheirFormulasSayAtEveryLength) {
  for (const SaseoMatmulKernels* kernels : runnable_matmul_kernels()) {
    for (const std::size_t n : {1, 5, 15, 16, 17, 100}) {
      auto x = random_floats(n, 1), gate = random_floats(n, 2);
      const auto up = random_floats(n, 3);
      for (std::size_t i = 0; i < n; ++i) x[i] *= i % 7 == 0 ? 200.0f : 3.0f;  // And far out.
      auto capped = x;
      const auto before = gate;
      kernels->soft_cap(capped.data(), n, 50);
      kernels->gelu_times(gate.data(), up.data(), n);
      for (std::size_t i = 0; i < n; ++i) {
        EXPECT_NEAR(capped[i], 50 * std::tanh(x[i] / 50.0), 1e-5) << kernels->name;
        const double g = before[i];
        EXPECT_NEAR(
            gate[i],
            0.5 * g * (1 + std::tanh(std::sqrt(2 / M_PI) * (g + 0.044715 * g * g * g))) * up[i],
            2e-6)
            << kernels->name;
      }
    }
    float odd[] = {std::numeric_limits<float>::quiet_NaN(), 1};
    kernels->soft_cap(odd, 2, 30);
    EXPECT_TRUE(std::isnan(odd[0]) && std::isfinite(odd[1])) << kernels->name;
  }
}

// One block of Q4_0: d = 0.5, byte j holds j in its low nibble and 15 - j in its high one.
TEST(DequantizeRow, ReadsABlockAsItsFormatSays) {
  std::vector<std::byte> bytes(18);
  const std::uint16_t half = half_of_float(0.5f);
  std::memcpy(bytes.data(), &half, 2);
  for (unsigned j = 0; j < 16; ++j) bytes[2 + j] = static_cast<std::byte>(j | ((15 - j) << 4));
  std::vector<float> row(32);
  dequantize_row(matrix(TensorType::kQ4_0, 1, 32, bytes), 0, row);
  for (int j = 0; j < 16; ++j) {
    EXPECT_FLOAT_EQ(row[static_cast<std::size_t>(j)], 0.5f * static_cast<float>(j - 8));
    EXPECT_FLOAT_EQ(row[static_cast<std::size_t>(j + 16)], 0.5f * static_cast<float>(7 - j));
  }
}

TEST(Multiply, IntegerArithmeticStaysNearFloatForEveryType) {
  ThreadPool pool(2);
  for (const TensorType type : kQuantizedTypes) {
    const std::uint32_t rows = 37, cols = 768, tokens = 5;
    const auto bytes = random_rows(type, rows, cols);
    const WeightMatrix w = matrix(type, rows, cols, bytes);
    const auto x = random_floats(static_cast<std::size_t>(tokens) * cols, 6);
    std::vector<float> exact(tokens * rows, 0), row(cols), integer(exact.size()),
        floating(exact.size());
    for (std::size_t r = 0; r < rows; ++r) {
      dequantize_row(w, r, row);
      for (std::size_t t = 0; t < tokens; ++t) {
        double sum = 0;
        for (std::size_t i = 0; i < cols; ++i) {
          sum += static_cast<double>(row[i]) * x[t * cols + i];
        }
        exact[t * rows + r] = static_cast<float>(sum);
      }
    }
    Activations activations;
    activations.set(x, cols, Arithmetic::kFloat, pool);
    multiply(w, activations, floating, pool);
    activations.set(x, cols, Arithmetic::kInteger, pool);
    multiply(w, activations, integer, pool);
    EXPECT_LT(relative_error(floating, exact), 2e-6) << tensor_type_info(type).name;
    EXPECT_LT(relative_error(integer, exact), 0.012) << tensor_type_info(type).name;
  }
}

TEST(Multiply, GivesATokenTheSameBitsAloneInABatchAndOnMoreThreads) {
  const std::uint32_t rows = 67, cols = 512, tokens = 11;
  for (const TensorType type : {TensorType::kQ4_K, TensorType::kQ8_0, TensorType::kBF16}) {
    for (const Arithmetic arithmetic : {Arithmetic::kInteger, Arithmetic::kFloat}) {
      const auto bytes = type == TensorType::kBF16
                             ? [&] {
                                 std::vector<std::byte> out(2ul * rows * cols);
                                 const auto values = random_floats(rows * cols, 8);
                                 for (std::size_t i = 0; i < values.size(); ++i) {
                                   const auto bits = bfloat16_of_float(values[i]);
                                   std::memcpy(out.data() + 2 * i, &bits, 2);
                                 }
                                 return out;
                               }()
                             : random_rows(type, rows, cols);
      const WeightMatrix w = matrix(type, rows, cols, bytes);
      const auto x = random_floats(static_cast<std::size_t>(tokens) * cols, 9);
      ThreadPool one(1), many(3);
      Activations activations;
      std::vector<float> batch(tokens * rows), alone(rows);
      activations.set(x, cols, arithmetic, many);
      multiply(w, activations, batch, many);
      for (std::size_t t = 0; t < tokens; ++t) {
        activations.set(std::span(x).subspan(t * cols, cols), cols, arithmetic, one);
        multiply(w, activations, alone, one);
        EXPECT_EQ(std::memcmp(alone.data(), &batch[t * rows], 4 * rows), 0);
      }
    }
  }
}

TEST(Activations, PartsThatThreadsRoundAreEachNumberOnceAndGiveWhatWholeRowsGive) {
  const std::uint32_t rows = 16;
  for (const std::uint32_t cols : {4096u, 4640u, 9216u}) {
    const auto bytes = random_rows(TensorType::kQ8_0, rows, cols);
    const WeightMatrix w = matrix(TensorType::kQ8_0, rows, cols, bytes);
    for (const std::uint32_t tokens : {1u, 4u, 5u, 9u}) {
      for (const bool fine : {false, true}) {
        const auto x = random_floats(std::size_t{tokens} * cols, 11);
        std::vector<float> made(x.size()), of_parts(tokens * rows), of_rows(tokens * rows);
        ThreadPool pool(3);
        Activations activations;
        for (const bool whole_rows : {false, true}) {
          std::ranges::fill(made, 0.0f);
          activations.resize(made, cols, Arithmetic::kInteger, fine);
          activations.make(pool, whole_rows,
                           [&](std::size_t t, std::size_t first, std::size_t count) {
                             EXPECT_TRUE(!whole_rows || (first == 0 && count == cols));
                             for (std::size_t i = t * cols + first; count > 0; ++i, --count)
                               made[i] += x[i];
                           });
          EXPECT_EQ(made, x) << "each number is written once";
          multiply(w, activations, whole_rows ? of_rows : of_parts, pool);
        }
        EXPECT_EQ(std::memcmp(of_parts.data(), of_rows.data(), 4 * of_rows.size()), 0)
            << cols << " columns, " << tokens << " tokens";
      }
    }
  }
}

TEST(Multiply, CarriesAnActivationThatIsNoNumberToEveryProductOfItsToken) {
  ThreadPool pool(1);
  const std::uint32_t rows = 5, cols = 256;
  const auto bytes = random_rows(TensorType::kQ4_K, rows, cols);
  const WeightMatrix w = matrix(TensorType::kQ4_K, rows, cols, bytes);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const float odd : {std::numeric_limits<float>::quiet_NaN(), kInfinity, -kInfinity}) {
    auto x = random_floats(2ul * cols, 10);
    x[37] = odd;
    Activations activations;
    activations.set(x, cols, Arithmetic::kInteger, pool);
    std::vector<float> y(2ul * rows);
    multiply(w, activations, y, pool);
    for (std::size_t r = 0; r < rows; ++r) {
      EXPECT_TRUE(std::isnan(y[r]));
      EXPECT_TRUE(std::isfinite(y[rows + r])) << "the other token's";
    }
  }
}

TEST(Multiply, TakesTheSmallestNumbersThatThereAre) {
  ThreadPool pool(1);
  const std::uint32_t cols = 256;
  const auto bytes = random_rows(TensorType::kQ8_0, 1, cols);
  const WeightMatrix w = matrix(TensorType::kQ8_0, 1, cols, bytes);
  const std::vector<float> x(cols, std::numeric_limits<float>::denorm_min());
  Activations activations;
  activations.set(x, cols, Arithmetic::kInteger, pool);
  std::vector<float> y(1);
  multiply(w, activations, y, pool);
  EXPECT_LT(std::fabs(y[0]), 1e-30f);
}

TEST(Half, RoundsToNearestEvenAndReturnsEveryHalf) {
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float value = float_of_half(half);
    if (std::isnan(value)) continue;
    EXPECT_EQ(half_of_float(value), half);
  }
  EXPECT_EQ(half_of_float(1.0f + 1.0f / 2048), half_of_float(1.0f));  // A tie: to even.
  EXPECT_EQ(half_of_float(1.0f + 3.0f / 2048), half_of_float(1.0f + 2.0f / 1024));
  EXPECT_TRUE(std::isinf(float_of_half(half_of_float(1e6f))));
}

TEST(Half, ManyFloatsBecomeTheHalvesThatEachBecomes) {
  std::mt19937 random(5);
  for (const std::size_t n : {1u, 7u, 8u, 4099u}) {
    std::vector<float> values(n);
    for (float& value : values) {
      value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
      // A third near what halves reach, a third below, where they are subnormal or nothing.
      if (random() % 3 == 0) value = std::ldexp(static_cast<float>(random() % 8192), -2);
      if (random() % 3 == 0) value = std::ldexp(static_cast<float>(random() % 8192), -36);
    }
    std::vector<std::uint16_t> halves(n + 1, 7);
    halves_of_floats(values.data(), n, halves.data());
    EXPECT_EQ(halves[n], 7);
    for (std::size_t i = 0; i < n; ++i) {
      if (std::isnan(values[i])) {
        EXPECT_TRUE(std::isnan(float_of_half(halves[i])));
      } else {
        EXPECT_EQ(halves[i], half_of_float(values[i])) << values[i];
      }
    }
  }
}

}  // namespace
}  // namespace saseo
