// Searcher: question -> hits. Dense and lexical rankings are fused, filtered, kept to one product
// where the question or the hits say so, and near-duplicates are dropped.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "index/library.h"
#include "retrieval/product_choice.h"
#include "retrieval/query.h"
#include "retrieval/ranker.h"

namespace saseo {

// A place of one stage's ranking; rank 0: not in it.
struct StagePlace {
  int rank = 0;
  float score = 0;
};

struct RankedChunk {
  SearchHit hit;  // The final score: larger is better; comparable within one search only.
  StoredChunk stored;
  StagePlace lexical, dense, fused;
  float coverage = 0;  // Share of the question's term weight that the chunk holds, 0 to 1.
};

struct SearchTimings {
  double analyze_ms = 0, lexical_ms = 0, dense_ms = 0, fuse_ms = 0, fetch_ms = 0, total_ms = 0;
};

struct SearchResult {
  std::vector<RankedChunk> hits;  // Best first; at most Query::limit.
  ProductChoice product;
  SearchTimings timings;
  std::size_t candidates = 0;          // Chunks that passed the filter.
  std::size_t duplicates_dropped = 0;  // Hits whose text another hit has already.
  std::string question;                // As searched.
};

// Thread-compatible. Follows the library: a search after another process committed sees the change.
class Searcher {
 public:
  static Result<Searcher> open(const std::filesystem::path& folder,
                               const RankingOptions& options = {});
  Searcher(Searcher&&) noexcept;
  Searcher& operator=(Searcher&&) noexcept;
  ~Searcher();

  Result<SearchResult> search(const Query& query);

  const Library& library() const;
  // Takes about 0.2 s the first time (the Korean dictionary); a search does it when needed.
  Analyzer& analyzer();

 private:
  struct State;
  explicit Searcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace saseo
