// Every kernel of every version that this processor runs, beside the scalar reference: at lengths
// around every vector's, misaligned, and with what is not a number.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <span>

#include "engine/forward/matmul.h"
#include "engine/kernels/matmul.h"
#include "engine/model/dequantize.h"
#include "engine/model/panels.h"
#include "tests/engine/random_weights.h"
#include "tests/engine/small_floats.h"

namespace saseo {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

class EveryKernel : public testing::TestWithParam<const SaseoMatmulKernels*> {
 protected:
  const SaseoMatmulKernels& kernels_ = *GetParam();
};

INSTANTIATE_TEST_SUITE_P(Runnable, EveryKernel, testing::ValuesIn(runnable_matmul_kernels()),
                         [](const auto& kernels) { return std::string(kernels.param->name); });

std::vector<float> random_floats(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& v : values) v = normal(random);
  return values;
}

// The same numbers within `tolerance` of the largest, the same infinities, not a number where the other is not.
testing::AssertionResult agree(std::span<const float> got, std::span<const float> expected,
                               float tolerance) {
  float largest = 0;
  for (const float v : expected) {
    if (std::isfinite(v)) largest = std::max(largest, std::fabs(v));
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const bool same = std::isnan(expected[i]) ? std::isnan(got[i])
                      : std::isinf(expected[i])
                          ? got[i] == expected[i]
                          : std::fabs(got[i] - expected[i]) <= tolerance * largest;
    if (!same) {
      return testing::AssertionFailure()
             << "number " << i << " is " << got[i] << ", not " << expected[i];
    }
  }
  return testing::AssertionSuccess();
}

// Activation rows as a kernel rounds them, the scalar one unless told otherwise.
struct QuantizedRows {
  QuantizedRows(std::span<const float> x, std::size_t tokens, std::size_t blocks, bool fine,
                const SaseoMatmulKernels& kernels = kSaseoMatmulScalar)
      : groups((tokens + kGroup - 1) / kGroup),
        codes(groups * kGroup * blocks * 32),
        scales(groups * kGroup * blocks * (fine ? 2 : 1) + 16),
        shifts(scales.size()),
        sums_16(groups * kGroup * blocks * 2 + 16),
        sums_32(groups * kGroup * blocks + 16),
        form{codes.data(),
             scales.data(),
             shifts.data(),
             sums_16.data(),
             sums_32.data(),
             tokens,
             blocks,
             0,
             fine} {
    for (std::size_t t = 0; t < tokens; ++t) {
      const std::size_t at = t / kGroup * kGroup * blocks, scale = fine ? 2 * at : at;
      kernels.quantize_row(&x[t * blocks * 32], blocks, fine, t % kGroup, &codes[at * 32],
                           &scales[scale], &shifts[scale], &sums_16[2 * at], &sums_32[at]);
    }
  }
  // What column `col` of a token stands for.
  double value(std::size_t t, std::size_t col) const {
    const std::size_t at = (t / kGroup * form.blocks + col / 32) * kGroup;
    const std::size_t scale = form.fine ? 2 * at + col / 16 % 2 * kGroup : at;
    return static_cast<double>(scales[scale + t % kGroup]) *
           codes[4 * (8 * at + col / 4 % 8 * kGroup + t % kGroup) + col % 4];
  }

  static constexpr std::size_t kGroup = SASEO_X_GROUP;
  std::size_t groups;
  std::vector<std::int8_t> codes;
  std::vector<float> scales, shifts;
  std::vector<std::int32_t> sums_16, sums_32;
  SaseoPanelActivations form;
};

// Panels of random weights that start at an odd address.
struct RandomPanels {
  RandomPanels(TensorType panel_type, std::size_t panel_count, std::size_t cols)
      : type(panel_type), panels(panel_count), blocks(cols / 32), size(panel_bytes(type, cols)) {
    const auto rows = random_rows(type, panels * kPanelRows, cols);
    bytes.resize(1 + panels * size);
    for (std::size_t p = 0; p < panels; ++p) {
      make_panel(type, rows.data() + p * size, kPanelRows, row_bytes(type, cols),
                 cols / tensor_type_info(type).block_elements, bytes.data() + 1 + p * size);
    }
  }
  const std::uint8_t* panel(std::size_t p) const {
    return reinterpret_cast<const std::uint8_t*>(bytes.data()) + 1 + p * size;
  }
  // y: (tokens, panels * 16 + 1), of which the last of each row is not written.
  std::vector<float> streamed(const SaseoMatmulKernels& kernels,
                              const SaseoPanelActivations& x) const {
    const std::size_t stride = panels * kPanelRows + 1;
    std::vector<float> y(x.tokens * stride, 7);
    const SaseoStreamedPanels all = {panel(0), panels, size, blocks, nullptr};
    kernels.stream_panels(static_cast<std::uint32_t>(type), &all, &x, y.data(), stride);
    return y;
  }
  std::vector<float> multiplied(const SaseoMatmulKernels& kernels,
                                const SaseoPanelActivations& x) const {
    const std::size_t stride = panels * kPanelRows + 1;
    std::vector<std::uint8_t> codes(panels * kPanelRows * blocks * 32);
    std::vector<float> scales(panels * kPanelRows * blocks * 2), offsets(scales.size());
    const bool pairs =
        type == TensorType::kQ2_K || type == TensorType::kQ3_K || type == TensorType::kQ6_K;
    const std::size_t groups = pairs ? 2 : 1;
    for (std::size_t p = 0; p < panels; ++p) {
      kernels.unpack_panel(static_cast<std::uint32_t>(type), panel(p), blocks,
                           codes.data() + p * kPanelRows * blocks * 32,
                           scales.data() + p * kPanelRows * blocks * groups,
                           offsets.data() + p * kPanelRows * blocks * groups);
    }
    const SaseoPanels common = {
        codes.data(), scales.data(), offsets.data(), panels, blocks, nullptr, 0, 0};
    std::vector<float> y(x.tokens * stride, 7);
    kernels.multiply_panels(static_cast<std::uint32_t>(type), &common, &x, y.data(), stride, true);
    // Panels that make no whole tile are not touched.
    for (std::size_t p = panels / kernels.tile_panels * kernels.tile_panels; p < panels; ++p) {
      EXPECT_EQ(y[p * kPanelRows], 7);
      const SaseoStreamedPanels one = {panel(p), 1, size, blocks, panel(0)};
      kernels.stream_panels(static_cast<std::uint32_t>(type), &one, &x, y.data() + p * kPanelRows,
                            stride);
    }
    return y;
  }
  TensorType type;
  std::size_t panels, blocks, size;
  std::vector<std::byte> bytes;
};

TEST_P(EveryKernel, MultipliesPanelsOfEveryTypeForAnyNumberOfTokensInBothWays) {
  for (const TensorType type : kQuantizedTypes) {
    const std::size_t step = tensor_type_info(type).block_elements;
    for (const std::size_t cols : {step, step == 32 ? 17 * step : 3 * step}) {
      const RandomPanels w(type, 5, cols);
      const auto x = random_floats(17 * cols, 1);
      for (std::size_t tokens = 1; tokens <= 17; ++tokens) {
        const QuantizedRows rows(x, tokens, w.blocks, tokens % 3 == 1);
        const auto expected = w.multiplied(kSaseoMatmulScalar, rows.form);
        const auto streamed = w.streamed(kernels_, rows.form);
        const auto multiplied = w.multiplied(kernels_, rows.form);
        EXPECT_TRUE(agree(multiplied, expected, 2e-6f))
            << tensor_type_info(type).name << " " << cols << " " << tokens;
        EXPECT_EQ(std::memcmp(streamed.data(), multiplied.data(), 4 * streamed.size()), 0)
            << tensor_type_info(type).name << " " << cols << " " << tokens;
      }
    }
  }
}

// Codes of both signs at their ends, against activations at theirs.
TEST_P(EveryKernel, SumsTheLargestProductsExactly) {
  for (const TensorType type : {TensorType::kQ8_0, TensorType::kQ5_1, TensorType::kQ6_K}) {
    const std::size_t cols = tensor_type_info(type).block_elements;
    RandomPanels w(type, 1, cols);
    for (const int fill : {0x00, 0x7F, 0x80, 0xFF}) {
      auto rows = random_rows(type, kPanelRows, cols);
      const auto block = static_cast<std::size_t>(tensor_type_info(type).block_bytes);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool scale = type == TensorType::kQ6_K ? i % block >= 192 : i % block < 4;
        if (!scale) rows[i] = static_cast<std::byte>(fill);
      }
      make_panel(type, rows.data(), kPanelRows, block, 1, w.bytes.data() + 1);
      for (const float sign : {1.0f, -1.0f}) {
        const std::vector<float> x(3 * cols, sign);
        const QuantizedRows activations(x, 3, w.blocks, fill == 0);
        EXPECT_TRUE(agree(w.streamed(kernels_, activations.form),
                          w.multiplied(kSaseoMatmulScalar, activations.form), 1e-6f))
            << tensor_type_info(type).name << " " << fill;
      }
    }
  }
}

TEST_P(EveryKernel, CarriesWhatIsNoNumberToItsTokenOrRowAndNoFurther) {
  for (const TensorType type : kQuantizedTypes) {
    const std::size_t cols = tensor_type_info(type).block_elements;
    RandomPanels w(type, 1, cols);
    for (const float odd : {kNaN, kInfinity, -kInfinity}) {
      auto x = random_floats(5 * cols, 2);
      x[3 * cols + 9] = odd;
      const QuantizedRows rows(x, 5, w.blocks, odd > 0);
      for (const auto& y : {w.streamed(kernels_, rows.form), w.multiplied(kernels_, rows.form)}) {
        for (std::size_t i = 0; i < y.size(); ++i) {
          EXPECT_EQ(std::isnan(y[i]), i / 17 == 3 && i % 17 < 16) << tensor_type_info(type).name;
        }
      }
    }
    // The scale of row 6 is not a number.
    auto weights = random_rows(type, kPanelRows, cols);
    const std::size_t at = 6 * row_bytes(type, cols) + block_scales(type)[0].offset;
    weights[at] = std::byte{0};
    weights[at + 1] = std::byte{0x7E};
    make_panel(type, weights.data(), kPanelRows, row_bytes(type, cols), 1, w.bytes.data() + 1);
    const auto x = random_floats(2 * cols, 3);
    const QuantizedRows rows(x, 2, w.blocks, false);
    for (const auto& y : {w.streamed(kernels_, rows.form), w.multiplied(kernels_, rows.form)}) {
      for (std::size_t i = 0; i < y.size(); ++i) EXPECT_EQ(std::isnan(y[i]), i % 17 == 6);
    }
  }
}

TEST_P(EveryKernel, MultipliesWhatTheRowsAndTheRoundedActivationsStandFor) {
  for (const TensorType type : kQuantizedTypes) {
    const std::size_t cols = 3 * tensor_type_info(type).block_elements, tokens = 9;
    const RandomPanels w(type, 3, cols);
    for (const bool fine : {false, true}) {
      auto x = random_floats(tokens * cols, 11);
      std::fill_n(x.begin(), 32, -3.0f);  // The largest sums.
      const QuantizedRows rows(x, tokens, cols / 32, fine);
      std::vector<float> expected;
      std::vector<std::byte> packed(row_bytes(type, cols));
      std::vector<float> row(cols);
      std::vector<std::vector<float>> weights;
      for (std::size_t r = 0; r < 3 * kPanelRows; ++r) {
        row_of_panel(type, w.bytes.data() + 1 + r / kPanelRows * w.size, r % kPanelRows, cols,
                     packed.data());
        dequantize_row({type, 1, static_cast<std::uint32_t>(cols), packed.data(), false}, 0, row);
        weights.push_back(row);
      }
      for (std::size_t t = 0; t < tokens; ++t) {
        for (const std::vector<float>& weight : weights) {
          double sum = 0;
          for (std::size_t i = 0; i < cols; ++i) sum += weight[i] * rows.value(t, i);
          expected.push_back(static_cast<float>(sum));
        }
        expected.push_back(7);
      }
      EXPECT_TRUE(agree(w.streamed(kernels_, rows.form), expected, 3e-5f))
          << tensor_type_info(type).name << " " << fine;
      EXPECT_TRUE(agree(w.multiplied(kernels_, rows.form), expected, 3e-5f))
          << tensor_type_info(type).name << " " << fine;
    }
  }
}

TEST_P(EveryKernel, RoundsActivationsToTheSameBits) {
  for (const std::size_t blocks : {1, 2, 3, 9}) {
    auto x = random_floats(1 + 32 * blocks, 4);  // From an odd place.
    x[2] = -0.0f;
    for (const float scale : {1.0f, 1e-20f, 1e-38f, 1e-42f, 0.0f, 1e30f}) {
      for (const float odd : {1.0f, kNaN, kInfinity, -kInfinity}) {
        std::vector<float> row(x.begin() + 1, x.end());
        for (float& v : row) v *= scale;
        row[row.size() - 5] *= odd;
        const QuantizedRows expected(row, 1, blocks, blocks % 2 == 0);
        const QuantizedRows got(row, 1, blocks, blocks % 2 == 0, kernels_);
        EXPECT_EQ(got.codes, expected.codes);
        EXPECT_EQ(got.sums_16, expected.sums_16);
        EXPECT_EQ(got.sums_32, expected.sums_32);
        EXPECT_TRUE(agree(got.scales, expected.scales, 0)) << scale << " " << odd;
        EXPECT_TRUE(agree(got.shifts, expected.shifts, 0)) << scale << " " << odd;
      }
    }
  }
}

// Rows of a float type, some bytes apart, at an odd address; and their values.
struct FloatRows {
  FloatRows(TensorType row_type, std::size_t row_count, std::size_t row_cols)
      : type(static_cast<std::uint32_t>(row_type)),
        rows(row_count),
        cols(row_cols),
        stride(row_bytes(row_type, cols) + 3),
        values(random_floats(rows * cols, 5)),
        bytes(1 + rows * stride) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::byte* at = bytes.data() + 1 + i / cols * stride + i % cols * (stride - 3) / cols;
      const std::uint16_t half = half_of_float(values[i]);
      const std::uint32_t bits = std::bit_cast<std::uint32_t>(values[i]) & 0xFFFF0000u;
      const auto upper = static_cast<std::uint16_t>(bits >> 16);
      if (row_type == TensorType::kF16) values[i] = float_of_half(half);
      if (row_type == TensorType::kBF16) values[i] = std::bit_cast<float>(bits);
      if (row_type == TensorType::kF32) std::memcpy(at, &values[i], 4);
      if (row_type == TensorType::kF16) std::memcpy(at, &half, 2);
      if (row_type == TensorType::kBF16) std::memcpy(at, &upper, 2);
    }
  }
  // y: (tokens, 16 * panels)
  std::vector<float> multiplied(const SaseoMatmulKernels& kernels, const float* x,
                                std::size_t x_stride, std::size_t tokens) const {
    const std::size_t panels = (rows + 15) / 16, chunk = SASEO_FLOAT_CHUNK;
    std::vector<float> turned(panels * chunk * 16), y(tokens * panels * 16, 7);
    for (std::size_t c = 0; c < cols; c += chunk) {
      const std::size_t some = std::min(chunk, cols - c);
      for (std::size_t p = 0; p < panels; ++p) {
        kernels.turn_floats(type,
                            reinterpret_cast<const std::uint8_t*>(bytes.data()) + 1 +
                                16 * p * stride + c * ((stride - 3) / cols),
                            std::min<std::size_t>(16, rows - 16 * p), stride, some,
                            turned.data() + p * chunk * 16);
      }
      kernels.multiply_floats(turned.data(), panels, some, x + c, x_stride, tokens, y.data(),
                              16 * panels, c == 0);
    }
    return y;
  }
  std::uint32_t type;
  std::size_t rows, cols, stride;
  std::vector<float> values;
  std::vector<std::byte> bytes;
};

TEST_P(EveryKernel, MultipliesRowsOfEveryFloatTypeOfAnyLengthForAnyNumberOfTokens) {
  constexpr std::size_t kMost = 27;
  for (const TensorType type : {TensorType::kF32, TensorType::kF16, TensorType::kBF16}) {
    for (const std::size_t cols : {1, 3, 15, 16, 17, 33, 127, 128, 129, 300}) {
      for (const std::size_t rows : {1, 16, 37}) {
        const FloatRows w(type, rows, cols);
        const std::size_t stride = cols + 3, width = (rows + 15) / 16 * 16;
        const auto x = random_floats(kMost * stride, 6);
        const auto all = w.multiplied(kernels_, x.data(), stride, kMost);
        for (std::size_t t = 0; t < kMost; ++t) {
          for (std::size_t r = 0; r < width; ++r) {
            double sum = 0, size = 0;
            for (std::size_t c = 0; c < cols && r < rows; ++c) {
              const double product = double{w.values[r * cols + c]} * double{x[t * stride + c]};
              sum += product;
              size += std::abs(product);
            }
            ASSERT_NEAR(all[t * width + r], sum, 3e-6 * size)
                << tensor_type_info(type).name << " " << cols << " " << rows << " " << t;
          }
          const auto alone = w.multiplied(kernels_, x.data() + t * stride, stride, 1);
          ASSERT_EQ(std::memcmp(alone.data(), &all[t * width], 4 * width), 0) << cols << " " << t;
        }
      }
    }
  }
}

TEST_P(EveryKernel, AnInfinityOrANanReachesItsOwnTokenOnly) {
  for (const float odd : {kNaN, kInfinity}) {
    const FloatRows w(TensorType::kF16, 20, 50);
    auto x = random_floats(3 * 50, 6);
    x[99] = odd;  // The last of token 1.
    const auto y = w.multiplied(kernels_, x.data(), 50, 3);
    for (std::size_t i = 0; i < 3 * 32; ++i) {
      const std::size_t token = i / 32, row = i % 32;
      if (row >= 20) continue;
      EXPECT_EQ(std::isfinite(y[i]), token != 1) << token << " " << row;
    }
  }
}

// Cached keys and values of a head, in a ring, and the float that each element stands for.
struct CachedRows {
  CachedRows(SaseoKvForm form, std::size_t slots, std::size_t dim, float soft_cap)
      : scales(slots * dim / 32) {
    values = random_floats(2 * slots * dim, 7);
    for (float& scale : scales)
      scale = 0.01f + 0.0001f * static_cast<float>(&scale - scales.data());
    for (std::size_t i = 0; i < values.size(); ++i) {
      halves.push_back(half_of_float(values[i]));
      bytes.push_back(static_cast<std::int8_t>(i * 37 % 255 - 127));
      if (form == kSaseoKvF16) values[i] = float_of_half(halves[i]);
      if (form == kSaseoKvBytes) values[i] = scales[i % (slots * dim) / 32] * bytes[i];
    }
    const std::size_t half = slots * dim;
    const auto parts = [&](const auto& all) {
      attention.keys = all.data();
      attention.values = all.data() + half;
    };
    attention = {form, nullptr, nullptr, scales.data(), scales.data(), slots, dim, soft_cap};
    if (form == kSaseoKvF32) parts(values);
    if (form == kSaseoKvF16) parts(halves);
    if (form == kSaseoKvBytes) parts(bytes);
  }
  CachedRows(const CachedRows&) = delete;
  CachedRows& operator=(const CachedRows&) = delete;

  std::vector<float> expected(std::span<const float> q, std::size_t first, std::size_t end) const {
    const std::size_t dim = attention.dim;
    std::vector<double> scores, sums(dim);
    for (std::size_t p = first; p < end; ++p) {
      double score = 0;
      for (std::size_t d = 0; d < dim; ++d)
        score += double{q[d]} * values[p % attention.slots * dim + d];
      const double cap = attention.soft_cap;
      scores.push_back(cap > 0 ? cap * std::tanh(score / cap) : score);
    }
    const double largest = *std::max_element(scores.begin(), scores.end());
    double weights = 0;
    for (std::size_t p = first; p < end; ++p) {
      const double weight = std::exp(scores[p - first] - largest);
      weights += weight;
      for (std::size_t d = 0; d < dim; ++d) {
        sums[d] += weight * values[(attention.slots + p % attention.slots) * dim + d];
      }
    }
    std::vector<float> out;
    for (const double sum : sums) out.push_back(static_cast<float>(sum / weights));
    return out;
  }

  std::vector<float> values, scales;
  std::vector<std::uint16_t> halves;
  std::vector<std::int8_t> bytes;
  SaseoAttention attention;
};

TEST_P(EveryKernel, AttendsToAnyStretchOfARingWhateverElseIsAsked) {
  for (const SaseoKvForm form : {kSaseoKvF32, kSaseoKvF16, kSaseoKvBytes}) {
    for (const std::size_t dim : {32, 96, 256}) {
      for (const float soft_cap : {0.0f, 20.0f}) {
        const CachedRows cache(form, 77, dim, soft_cap);  // 77 slots: blocks lie across the end.
        constexpr std::size_t kCount = 15;                // Tiles of 8, 4, 2 and 1.
        auto q = random_floats(kCount * dim, 8);
        for (float& v : q) v *= 0.5f;
        std::vector<float> together(kCount * dim, 5);
        std::vector<SaseoAttentionQuery> queries;
        for (std::size_t i = 0; i < kCount; ++i) {
          const std::size_t end = 1 + 12 * i, first = end > 70 ? end - 70 + i : i % 3 * (end / 3);
          queries.push_back({&q[i * dim], &together[i * dim], first, end, 0, 0});
        }
        kernels_.attend(&cache.attention, queries.data(), 8);               // Positions before 77,
        kernels_.attend(&cache.attention, queries.data() + 8, kCount - 8);  // and beyond.
        for (SaseoAttentionQuery query : queries) {
          const auto expected = cache.expected({query.q, dim}, query.first, query.end);
          EXPECT_TRUE(agree({query.out, dim}, expected, 2e-5f)) << form << " " << dim;
          std::vector<float> alone(dim);
          const float* beside = query.out;
          query.out = alone.data();
          kernels_.attend(&cache.attention, &query, 1);
          EXPECT_EQ(std::memcmp(alone.data(), beside, 4 * dim), 0) << form << " " << dim;
        }
      }
    }
  }
}

TEST_P(EveryKernel, WorksNumberByNumberLikeTheReferenceAtEveryLength) {
  for (std::size_t n = 1; n <= 67; ++n) {
    for (const float odd : {1.0f, -200.0f, kNaN, kInfinity, -kInfinity}) {
      auto x = random_floats(n, 10);
      x[n / 2] = odd;
      const auto more = random_floats(n, 11);
      const auto computed = [&](const SaseoMatmulKernels& k) {
        auto capped = x, gate = x, added = x;
        std::vector<float> normed(n), sum(1);
        k.soft_cap(capped.data(), n, 30);
        k.gelu_times(gate.data(), more.data(), n);
        k.rms_norm(x.data(), more.data(), n, 1e-6f, normed.data());
        sum[0] = k.add_row(added.data(), more.data(), n);
        return std::vector{capped, gate, normed, added, sum};
      };
      const auto got = computed(kernels_), expected = computed(kSaseoMatmulScalar);
      for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_TRUE(agree(got[i], expected[i], 1e-6f)) << n << " " << odd << " result " << i;
      }
    }
  }
}

}  // namespace
}  // namespace saseo
