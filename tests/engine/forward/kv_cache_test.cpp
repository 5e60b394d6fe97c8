#include "engine/forward/kv_cache.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace saseo {
namespace {

// Layer 0 local with a window of 8, layer 1 global.
ModelConfig small_config() {
  ModelConfig config;
  config.layers = 2;
  config.heads = 2;
  config.kv_heads = 2;
  config.head_dim = 32;
  config.context = 64;
  config.window = 8;
  config.window_period = 2;
  return config;
}

// Element i of a head's vector at a position.
float element(std::uint32_t position, std::uint32_t head, std::uint32_t i) {
  return std::sin(static_cast<float>(position * 7 + head * 3 + i));
}

void append(KvCache& cache, std::uint32_t count) {
  for (std::uint32_t p = cache.length(), end = p + count; p < end; ++p) {
    cache.advance(1);
    std::vector<float> row(64);
    for (std::uint32_t i = 0; i < 64; ++i) row[i] = element(p, i / 32, i % 32);
    for (std::uint32_t layer = 0; layer < 2; ++layer) {
      cache.store(layer, p, row.data(), row.data());
    }
  }
}

class KvCacheOfType : public testing::TestWithParam<KvType> {};

TEST_P(KvCacheOfType, AttendsToWhatWasStoredWithinItsPrecision) {
  KvCache cache(small_config(), {.type = GetParam(), .slack = 4});
  append(cache, 30);
  const float tolerance = GetParam() == KvType::kF32   ? 1e-6f
                          : GetParam() == KvType::kF16 ? 1e-3f
                                                       : 1e-2f;
  for (std::uint32_t layer = 0; layer < 2; ++layer) {
    for (std::uint32_t head = 0; head < 2; ++head) {
      const std::uint32_t first = layer == 0 ? 22 : 0;
      for (std::uint32_t i = 0; i < 32; ++i) {
        std::vector<float> query(32, 0.0f), out(32);
        query[i] = 3.0f;
        SaseoAttentionQuery asked = {query.data(), out.data(), first, 30, 0, 0};
        cache.attend(layer, head, 0, {&asked, 1});
        double weights = 0;
        std::vector<double> expected(32);
        for (std::uint32_t p = first; p < 30; ++p) {
          const double weight = std::exp(3.0 * element(p, head, i));
          weights += weight;
          for (std::uint32_t j = 0; j < 32; ++j) expected[j] += weight * element(p, head, j);
        }
        for (std::uint32_t j = 0; j < 32; ++j) {
          EXPECT_NEAR(out[j], expected[j] / weights, tolerance);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Types, KvCacheOfType,
                         testing::Values(KvType::kF32, KvType::kF16, KvType::kQ8_0));

TEST(KvCache, AFlatCacheReturnsToAnyPrefix) {
  KvCache cache(small_config(), {.ring = false});
  append(cache, 40);
  for (const std::uint32_t length : {40, 25, 3, 0}) {
    ASSERT_TRUE(cache.can_truncate(length));
    cache.truncate(length);
    EXPECT_EQ(cache.length(), length);
  }
  EXPECT_FALSE(cache.can_truncate(1));
}

TEST(KvCache, ARingReturnsOnlyToPrefixesWhoseWindowItStillHolds) {
  KvCache cache(small_config(), {.slack = 4});  // 12 slots in the local layer.
  append(cache, 12);
  EXPECT_TRUE(cache.can_truncate(0));   // Nothing was overwritten yet.
  append(cache, 8);                     // Holds positions 8-19.
  EXPECT_TRUE(cache.can_truncate(15));  // The next token sees 8-15.
  EXPECT_FALSE(cache.can_truncate(14));
  EXPECT_FALSE(cache.can_truncate(0));
  cache.truncate(15);
  EXPECT_FALSE(cache.can_truncate(14)) << "shortening does not bring positions back";
  append(cache, 2);
  EXPECT_TRUE(cache.can_truncate(15));
}

TEST(KvCache, TakesTheBytesThatItsFormNeeds) {
  const ModelConfig config = small_config();
  const std::uint64_t row = 2ull * 64;  // Key and value elements of a position and layer.
  EXPECT_EQ(kv_cache_bytes(config, {.type = KvType::kF16, .ring = false}), 2 * row * (64 + 64));
  EXPECT_EQ(kv_cache_bytes(config, {.type = KvType::kF16, .slack = 4}), 2 * row * (12 + 64));
  EXPECT_EQ(kv_cache_bytes(config, {.context = 16, .type = KvType::kQ8_0, .ring = false}),
            row * 32 + row * 32 / 32 * 4);
}

}  // namespace
}  // namespace saseo
