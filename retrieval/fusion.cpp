#include "retrieval/fusion.h"

#include <algorithm>
#include <unordered_map>

namespace saseo {

std::vector<SearchHit> fuse_reciprocal_rank(std::span<const WeightedRanking> rankings,
                                            const FusionOptions& options) {
  std::unordered_map<ChunkId, float> fused_scores;
  for (const WeightedRanking& ranking : rankings) {
    float rank = 1.0f;
    for (const SearchHit& hit : ranking.hits) {
      fused_scores[hit.chunk] += ranking.weight / (options.rank_offset + rank);
      rank += 1.0f;
    }
  }

  std::vector<SearchHit> hits;
  hits.reserve(fused_scores.size());
  for (const auto& [chunk, score] : fused_scores) hits.push_back({chunk, score});

  std::ranges::sort(hits, is_better);
  hits.resize(std::min(hits.size(), options.max_hits));
  return hits;
}

}  // namespace saseo
