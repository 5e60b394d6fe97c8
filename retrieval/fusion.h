// Fusion of ranked lists whose scores are not comparable.
//
// Reciprocal-rank fusion looks only at the ranks, which start at 1, weighted by how far each list
// can be trusted:
//
//   fused(c) = sum, over the rankings r that contain c, of weight_r / (rank_offset + rank_r(c))
//
// Source: Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and
// individual Rank Learning Methods", SIGIR 2009 (there with equal weights).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "index/ids.h"

namespace saseo {

struct WeightedRanking {
  std::span<const SearchHit> hits;  // Best first, each chunk at most once; scores are not read.
  float weight = 1;
};

struct FusionOptions {
  float rank_offset = 60.0f;  // Called k in the paper. Larger values level the first ranks.
  std::size_t max_hits = 10;
};

// Returns the fused hits, best first; equal scores are in chunk order, so results are reproducible.
std::vector<SearchHit> fuse_reciprocal_rank(std::span<const WeightedRanking> rankings,
                                            const FusionOptions& options = {});

}  // namespace saseo
