#include "engine/runtime/kv_cache_pool.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/forward/kv_cache_io.h"

namespace saseo {
namespace {

using Tokens = std::vector<TokenId>;

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

Tokens counted(TokenId first, std::size_t count) {
  Tokens tokens(count);
  for (TokenId& token : tokens) token = first++;
  return tokens;
}

// What a forward pass would store for a token at a position.
void append(ResidentSequence& sequence, const Tokens& tokens) {
  for (const TokenId token : tokens) {
    const std::uint32_t position = sequence.cache.length();
    sequence.cache.advance(1);
    std::vector<float> row(64);
    for (std::uint32_t i = 0; i < 64; ++i)
      row[i] = std::sin(static_cast<float>(position * 7 + i + token * 3));
    for (std::uint32_t layer = 0; layer < 2; ++layer)
      sequence.cache.store(layer, position, row.data(), row.data());
    sequence.tokens.push_back(token);
  }
}

// Takes what there is of the tokens, computes the rest, gives it back. The tokens that were there.
std::size_t run(KvCachePool& pool, const Tokens& tokens) {
  ResidentSequence sequence = pool.take(tokens, static_cast<std::uint32_t>(tokens.size()));
  const std::size_t found = sequence.tokens.size();
  EXPECT_EQ(found, sequence.cache.length());
  append(sequence, Tokens(tokens.begin() + static_cast<long>(found), tokens.end()));
  pool.give_back(std::move(sequence));
  return found;
}

std::uint64_t flat_bytes(std::uint32_t positions) {
  return kv_cache_bytes(small_config(), {.context = positions, .ring = false});
}

TEST(KvCachePool, TakesTheSequenceThatBeginsMostLikeThePrompt) {
  KvCachePool pool(small_config(), {.ring = false}, flat_bytes(200));
  Tokens first = counted(0, 30), second = counted(0, 10);
  for (const TokenId token : counted(100, 20)) second.push_back(token);
  EXPECT_EQ(run(pool, first), 0u);
  EXPECT_EQ(run(pool, second), 10u) << "copied: most of the first is something else";
  EXPECT_EQ(pool.resident(), 2u);
  EXPECT_EQ(run(pool, first), 30u) << "and still there";
  EXPECT_EQ(run(pool, second), 30u);
}

TEST(KvCachePool, ASequenceThatEndsAFewTokensLaterIsShortened) {
  KvCachePool pool(small_config(), {.ring = false}, flat_bytes(200));
  run(pool, counted(0, 30));
  Tokens other = counted(0, 25);
  other.push_back(99);
  EXPECT_EQ(run(pool, other), 25u);
  EXPECT_EQ(pool.resident(), 1u);
}

TEST(KvCachePool, ForgetsTheLeastRecentlyUsedWithinItsBytes) {
  KvCachePool pool(small_config(), {.ring = false}, flat_bytes(60));
  const Tokens a = counted(0, 30), b = counted(100, 30), c = counted(200, 30);
  run(pool, a);
  run(pool, b);
  EXPECT_EQ(run(pool, a), 30u);
  EXPECT_EQ(run(pool, c), 0u);
  EXPECT_EQ(pool.resident(), 2u);
  EXPECT_EQ(run(pool, a), 30u);
  EXPECT_EQ(run(pool, b), 0u) << "forgotten for the third";
}

TEST(KvCachePool, CountsWhatIsTakenForAsLongAsItIs) {
  KvCachePool pool(small_config(), {.ring = false}, flat_bytes(60));
  run(pool, counted(0, 30));
  ResidentSequence taken = pool.take(counted(100, 5), 40);
  EXPECT_EQ(pool.resident(), 0u) << "it may grow to 40 positions";
  pool.give_back(std::move(taken));
  run(pool, counted(0, 30));
  EXPECT_EQ(pool.resident(), 1u) << "nothing was computed in what was given back";
  // One sequence is always given, however large.
  ResidentSequence whole = pool.take(counted(300, 5), 64);
  EXPECT_EQ(whole.cache.context(), 64u);
}

TEST(KvCachePool, DoesNotGiveOutWhatIsTaken) {
  KvCachePool pool(small_config(), {.ring = false}, flat_bytes(200));
  const Tokens tokens = counted(0, 20);
  run(pool, tokens);
  ResidentSequence one = pool.take(tokens, 20), two = pool.take(tokens, 20);
  EXPECT_EQ(one.tokens.size(), 20u);
  EXPECT_TRUE(two.tokens.empty());
}

TEST(KvCachePool, CopiesABeginningWhereSeveralWereAtWorkLately) {
  KvCachePool pool(small_config(), {.ring = false}, flat_bytes(100));
  const Tokens tokens = counted(0, 20);
  run(pool, tokens);
  {
    ResidentSequence other = pool.take(counted(100, 5), 10),
                     another = pool.take(counted(200, 5), 10);
    pool.give_back(std::move(other));
    pool.give_back(std::move(another));
  }
  ResidentSequence one = pool.take(tokens, 20), two = pool.take(tokens, 20);
  EXPECT_EQ(one.tokens.size(), 20u);
  EXPECT_EQ(two.tokens.size(), 20u);
  EXPECT_EQ(pool.take(tokens, 60).tokens.size(), 20u) << "without room for both it moves";
  EXPECT_EQ(pool.resident(), 0u);
}

TEST(KvCachePool, ASequenceWhoseTokensAreNotItsCachesIsDropped) {
  KvCachePool pool(small_config(), {.ring = false}, flat_bytes(200));
  ResidentSequence broken = pool.take(counted(0, 10), 10);
  append(broken, counted(0, 10));
  broken.tokens.pop_back();
  pool.give_back(std::move(broken));
  EXPECT_EQ(pool.resident(), 0u);
}

TEST(KvCachePool, ARingThatHasForgottenTheBeginningDoesNotServeIt) {
  KvCachePool pool(small_config(), {.ring = true, .slack = 4}, flat_bytes(400));
  run(pool, counted(0, 40));
  Tokens early = counted(0, 20);
  early.push_back(99);
  EXPECT_EQ(run(pool, early), 0u);
  Tokens late = counted(0, 38);
  late.push_back(99);
  EXPECT_EQ(run(pool, late), 38u);
}

class CopiedBeginning : public testing::TestWithParam<std::tuple<KvType, bool, bool>> {};

TEST_P(CopiedBeginning, IsTheSameBitByBitAndGoesOnTheSame) {
  const auto [type, from_ring, to_ring] = GetParam();
  ResidentSequence from = {KvCache(small_config(), {.type = type, .ring = from_ring, .slack = 4}),
                           {}};
  append(from, counted(0, 24));
  KvCache to(small_config(), {.type = type, .ring = to_ring, .slack = 4});
  EXPECT_FALSE(copy_beginning(from.cache, to, 0));
  EXPECT_EQ(copy_beginning(from.cache, to, 10), !from_ring);
  to.clear();
  ASSERT_TRUE(copy_beginning(from.cache, to, 22));
  EXPECT_EQ(to.length(), 22u);
  for (std::uint32_t position = 14; position < 22; ++position)
    EXPECT_EQ(bytes_at(from.cache, position), bytes_at(to, position)) << position;
  EXPECT_TRUE(to.can_truncate(21));
  EXPECT_EQ(to.can_truncate(3), !from_ring && !to_ring);
  ResidentSequence on = {std::move(to), counted(0, 22)};
  append(on, counted(22, 2));
  EXPECT_EQ(bytes_at(from.cache, 23), bytes_at(on.cache, 23));
}

INSTANTIATE_TEST_SUITE_P(Forms, CopiedBeginning,
                         testing::Combine(testing::Values(KvType::kF32, KvType::kF16,
                                                          KvType::kQ8_0),
                                          testing::Bool(), testing::Bool()));

}  // namespace
}  // namespace saseo
