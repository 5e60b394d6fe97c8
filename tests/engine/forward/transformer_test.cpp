#include "engine/forward/transformer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/engine/random_model.h"

namespace saseo {
namespace {

std::vector<TokenId> some_tokens(std::size_t count, unsigned seed = 3) {
  std::mt19937 random(seed);
  std::vector<TokenId> ids(count);
  for (TokenId& id : ids) id = static_cast<TokenId>(random() % 160);
  return ids;
}

// The logits after each token, fed in batches of `batch`.
std::vector<std::vector<float>> run(Transformer& transformer, KvCache& cache,
                                    std::span<const TokenId> ids, std::size_t batch) {
  std::vector<std::vector<float>> rows;
  KvCache* sequences[] = {&cache};
  for (std::size_t i = 0; i < ids.size(); i += batch) {
    std::vector<BatchToken> tokens;
    for (const TokenId id : ids.subspan(i, std::min(batch, ids.size() - i))) {
      tokens.push_back({id, 0, true});
    }
    const auto logits = transformer.forward(tokens, sequences).value();
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      const auto row = logits.subspan(t * 160, 160);
      rows.emplace_back(row.begin(), row.end());
    }
  }
  return rows;
}

class EveryArchitecture : public testing::TestWithParam<Architecture> {};

TEST_P(EveryArchitecture, GivesTheSameBitsForEveryBatchSizeAndThreadCount) {
  const Model model = random_model({.architecture = GetParam()});
  const auto ids = some_tokens(50);
  ThreadPool one(1), three(3);
  Transformer reference(model, one);
  KvCache cache(model.config, {});
  const auto expected = run(reference, cache, ids, 1);
  for (const std::size_t batch : {2, 7, 50}) {
    Transformer transformer(model, three);
    KvCache other(model.config, {});
    EXPECT_EQ(run(transformer, other, ids, batch), expected) << batch;
  }
}

TEST_P(EveryArchitecture, GivesTheSameBitsFromARingAsFromAFlatCache) {
  const Model model = random_model({.architecture = GetParam(), .layers = 7});
  const auto ids = some_tokens(80);
  ThreadPool pool(2);
  Transformer transformer(model, pool);
  KvCache flat(model.config, {.ring = false}), ring(model.config, {.slack = 5});
  EXPECT_EQ(run(transformer, flat, ids, 5), run(transformer, ring, ids, 5));
}

TEST_P(EveryArchitecture, ContinuesFromAPrefixAsIfItHadNeverGoneFurther) {
  const Model model = random_model({.architecture = GetParam()});
  ThreadPool pool(2);
  Transformer transformer(model, pool);
  const auto ids = some_tokens(60);
  KvCache cache(model.config, {.ring = false});
  const auto expected = run(transformer, cache, ids, 60);
  cache.truncate(25);
  run(transformer, cache, some_tokens(30, 9), 30);
  cache.truncate(25);
  const auto again = run(transformer, cache, std::span(ids).subspan(25), 7);
  EXPECT_TRUE(std::equal(again.begin(), again.end(), expected.begin() + 25));
}

TEST_P(EveryArchitecture, KeepsSequencesOfOneBatchApart) {
  const Model model = random_model({.architecture = GetParam()});
  ThreadPool pool(2);
  Transformer transformer(model, pool);
  const auto a = some_tokens(20, 1), b = some_tokens(20, 2);
  KvCache alone_a(model.config, {}), alone_b(model.config, {}), both_a(model.config, {}),
      both_b(model.config, {});
  const auto expected_a = run(transformer, alone_a, a, 20);
  const auto expected_b = run(transformer, alone_b, b, 20);
  std::vector<BatchToken> mixed;
  for (std::size_t i = 0; i < 20; ++i) {
    mixed.push_back({a[i], 0, i == 19});
    mixed.push_back({b[i], 1, i == 19});
  }
  KvCache* sequences[] = {&both_a, &both_b};
  const auto logits = transformer.forward(mixed, sequences).value();
  ASSERT_EQ(logits.size(), 320u) << "logits for the two that want them";
  EXPECT_TRUE(std::equal(expected_a[19].begin(), expected_a[19].end(), logits.begin()));
  EXPECT_TRUE(std::equal(expected_b[19].begin(), expected_b[19].end(), logits.begin() + 160));
}

TEST_P(EveryArchitecture, StaysNearFloatArithmeticWithIntegersAndSmallCaches) {
  const Model model = random_model({.architecture = GetParam()});
  ThreadPool pool(2);
  const auto ids = some_tokens(40);
  const auto last_logits = [&](Arithmetic arithmetic, KvType type) {
    Transformer transformer(model, pool, {.arithmetic = arithmetic});
    KvCache cache(model.config, {.type = type});
    return run(transformer, cache, ids, 40).back();
  };
  const auto exact = last_logits(Arithmetic::kFloat, KvType::kF32);
  const auto error = [&](const std::vector<float>& got) {
    double difference = 0, size = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      difference += std::pow(static_cast<double>(got[i]) - exact[i], 2);
      size += std::pow(static_cast<double>(exact[i]), 2);
    }
    return std::sqrt(difference / size);
  };
  EXPECT_LT(error(last_logits(Arithmetic::kFloat, KvType::kF16)), 2e-3);
  EXPECT_LT(error(last_logits(Arithmetic::kFloat, KvType::kQ8_0)), 4e-2);
  const double integer = error(last_logits(Arithmetic::kInteger, KvType::kF32));
  EXPECT_LT(integer, 4e-2);
  EXPECT_GT(integer, 1e-7) << "the integer path was not taken";
}

INSTANTIATE_TEST_SUITE_P(Gemma, EveryArchitecture,
                         testing::Values(Architecture::kGemma, Architecture::kGemma2,
                                         Architecture::kGemma3),
                         [](const auto& parameter) {
                           return std::string(architecture_name(parameter.param));
                         });

TEST(Transformer, SeesNoFurtherThanItsWindowInLocalLayers) {
  RandomModelShape shape = {.architecture = Architecture::kGemma3, .layers = 1, .window = 8};
  const Model model = random_model(shape);  // One layer, a local one.
  ThreadPool pool(1);
  Transformer transformer(model, pool);
  auto ids = some_tokens(20);
  KvCache a(model.config, {}), b(model.config, {});
  const auto before = run(transformer, a, ids, 20);
  ids[4] = (ids[4] + 1) % 160;
  const auto after = run(transformer, b, ids, 20);
  EXPECT_EQ(before[3], after[3]);
  EXPECT_NE(before[4], after[4]);
  EXPECT_NE(before[11], after[11]) << "8 positions, its own included, reach back to 4";
  EXPECT_EQ(before[12], after[12]);
}

TEST(Transformer, NamesTheLayerWhoseOutputIsNoNumberAndKeepsTheSequence) {
  Model model = random_model({.type = TensorType::kF32});
  ThreadPool pool(1);
  Transformer transformer(model, pool);
  KvCache cache(model.config, {});
  run(transformer, cache, some_tokens(5), 5);
  model.layers[1].ffn_norm[3] = std::numeric_limits<float>::quiet_NaN();
  KvCache* sequences[] = {&cache};
  const BatchToken token = {7, 0, true};
  const auto result = transformer.forward(std::span(&token, 1), sequences);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kDamaged);
  EXPECT_NE(result.error().message.english.find("ayer 1"), std::string::npos)
      << result.error().message.english;
  EXPECT_EQ(cache.length(), 5u);
}

TEST(Transformer, AStopEndsABatchBetweenLayersAndKeepsTheSequence) {
  const Model model = random_model({});
  ThreadPool pool(1);
  Transformer transformer(model, pool);
  KvCache cache(model.config, {});
  run(transformer, cache, some_tokens(5), 5);
  KvCache* sequences[] = {&cache};
  const BatchToken token = {7, 0, true};
  std::stop_source source;
  source.request_stop();
  const auto result = transformer.forward(std::span(&token, 1), sequences, source.get_token());
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(cache.length(), 5u);
  EXPECT_TRUE(transformer.forward(std::span(&token, 1), sequences).ok());
}

}  // namespace
}  // namespace saseo
