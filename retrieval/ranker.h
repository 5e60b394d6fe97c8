// Ranker: scores every chunk of a snapshot for a question, stage by stage. Searcher adds products,
// filters, duplicates and the chunks themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/analyzer.h"
#include "index/lexical_index.h"
#include "index/snapshot.h"

namespace saseo {

// kFused adds the normalised scores, weighted: it keeps what ranks throw away, how far ahead a hit
// is. Weighted reciprocal ranks (fusion.h) stay behind it on every set measured so far (README).
enum class RankingMode { kFused, kLexical, kDense, kReciprocalRanks };

// How the stages are weighted for questions of one language. Chosen on pages and sections of
// manuals with known answers (bench/retrieval_eval); short English sections want another length
// normalisation than Korean pages, and a weaker dense side.
struct StageWeights {
  LexicalOptions lexical;
  float dense_weight = 0.4f;  // Share of the dense score in the fused one: 0 is lexical alone.
  // A cosine favours short chunks: it is multiplied by (length / average length) ^ this.
  float dense_length_exponent = 0.0f;
};

struct RankingOptions {
  RankingMode mode = RankingMode::kFused;
  StageWeights korean = {.lexical = {.k1 = 1.2f, .body_b = 0.6f}, .dense_weight = 0.5f};
  StageWeights other = {.lexical = {.k1 = 1.2f, .body_b = 0.5f},
                        .dense_weight = 0.15f,
                        .dense_length_exponent = 0.25f};
  std::size_t candidates = 300;  // Of each stage, before fusion.
  // The best fused hits of each product that are put into the order in which they answer
  // (rerank.h; kFused only): more find more and take longer. 0: none.
  std::size_t reranked = 60;
  // Makes the questions' vectors; its name tells whose vectors of the library are searched.
  // Borrowed, and used by one thread at a time. Null: the embedder that the library names, which
  // must be LSA, as its fit lies in the library.
  Embedder* embedder = nullptr;
};

struct RankedOrdinal {
  std::uint32_t ordinal = 0;  // In Postings::chunks().
  float lexical = 0, dense = 0, fused = 0;
  int lexical_rank = 0, dense_rank = 0;  // From 1; 0: not among the stage's candidates.
};

struct RankingTimings {
  double analyze_ms = 0, lexical_ms = 0, dense_ms = 0, fuse_ms = 0;
};

struct Ranking {
  std::vector<RankedOrdinal> chunks;  // Best first.
  Terms terms;                        // Of the question.
  RankingTimings timings;
};

// `allowed` tells which ordinals may be found; empty: all. `database` holds the terms of LSA. Fails
// when the snapshot's vectors are neither LSA's nor those of options.embedder (kUnsupported).
Result<Ranking> rank_chunks(const Snapshot& snapshot, const Database& database, Analyzer& analyzer,
                            std::string_view question, const std::vector<bool>& allowed,
                            const RankingOptions& options = {});

}  // namespace saseo
