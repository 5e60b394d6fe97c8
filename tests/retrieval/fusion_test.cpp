#include "retrieval/fusion.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

constexpr ChunkId kA{1}, kB{2}, kC{3}, kD{4};

std::vector<ChunkId> chunks_of(const std::vector<SearchHit>& hits) {
  std::vector<ChunkId> chunks;
  for (const SearchHit& hit : hits) chunks.push_back(hit.chunk);
  return chunks;
}

TEST(ReciprocalRankFusion, AddsTheReciprocalRanksOfEachRanking) {
  const std::vector<SearchHit> dense = {{kA, 0.9f}, {kB, 0.8f}, {kC, 0.7f}};
  const std::vector<SearchHit> lexical = {{kC, 12.0f}, {kA, 9.0f}, {kD, 3.0f}};
  const std::vector<SearchHit> hits =
      fuse_reciprocal_rank(std::vector<WeightedRanking>{{dense}, {lexical}});
  ASSERT_EQ(chunks_of(hits), (std::vector{kA, kC, kB, kD}));
  EXPECT_FLOAT_EQ(hits[0].score, 1.0f / 61 + 1.0f / 62);  // ranks 1 and 2
}

TEST(ReciprocalRankFusion, AWeightlessRankingChangesNothing) {
  const std::vector<SearchHit> good = {{kA, 2.0f}, {kB, 1.0f}};
  const std::vector<SearchHit> noise = {{kD, 9.0f}, {kB, 8.0f}, {kA, 7.0f}};
  const std::vector<SearchHit> hits =
      fuse_reciprocal_rank(std::vector<WeightedRanking>{{good, 1}, {noise, 0}}, {.max_hits = 2});
  EXPECT_EQ(chunks_of(hits), (std::vector{kA, kB}));
}

TEST(ReciprocalRankFusion, EqualScoresAreInChunkOrder) {
  const std::vector<SearchHit> one = {{kB, 1.0f}}, other = {{kA, 1.0f}};
  EXPECT_EQ(chunks_of(fuse_reciprocal_rank(std::vector<WeightedRanking>{{one}, {other}})),
            (std::vector{kA, kB}));
}

}  // namespace
}  // namespace saseo
