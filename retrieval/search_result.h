// What a search finds (searcher.h): chunks, best first, and how it came to them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "index/ids.h"
#include "index/library.h"
#include "retrieval/product_choice.h"
#include "retrieval/question.h"
#include "retrieval/rerank_features.h"

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
  float asked = 0;            // Fused score of the question's own words alone.
  RerankFeatures features{};  // Zero where hits are not put in order.
  float coverage = 0;         // Share of the question's term weight that the chunk holds, 0 to 1.
};

struct SearchTimings {
  double analyze_ms = 0, lexical_ms = 0, dense_ms = 0, fuse_ms = 0, fetch_ms = 0, rerank_ms = 0,
         total_ms = 0;
};

struct SearchResult {
  std::vector<RankedChunk> hits;  // Best first; at most Query::limit.
  ProductChoice product;
  SearchTimings timings;
  std::size_t candidates = 0;          // Chunks that passed the filter.
  std::size_t duplicates_dropped = 0;  // Hits whose text another hit has already.
  // Manuals in this language were left out; a search filtered by it finds what they hold. kUnknown:
  // there are none.
  Language other_language = Language::kUnknown;
  std::string question;   // As asked.
  ParsedQuestion parsed;  // The same, taken apart.
};

}  // namespace saseo
