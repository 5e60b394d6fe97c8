// Searcher: question -> hits. The question's words and the words by which manuals say them
// (search_text.h) are ranked densely and lexically, fused and filtered; near-duplicates are
// dropped; the best hits are put into the order in which they answer (rerank.h) and kept to one
// product where the question or the hits say so.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "index/library.h"
#include "retrieval/product_choice.h"
#include "retrieval/query.h"
#include "retrieval/question.h"
#include "retrieval/ranker.h"

namespace saseo {

// A place of one stage's ranking; rank 0: not in it.
struct StagePlace {
  int rank = 0;
  float score = 0;
};

// What tells how well a hit answers; each 0 to about 1. The weights are fitted (rerank_weights.h).
enum class RerankFeature : std::size_t {
  kFused,       // Fused score, other words included, as a share of the best hit's.
  kFusedAsked,  // The same of the question's own words alone.
  kDense,       // Cosine, other words included, likewise.
  kUnit,        // The best sentence, step or row: its own matches, its headings' and neighbours'.
  kUnitOwn,     // The best sentence, step or row alone.
  kCoverage,    // Share of the question's subjects in headings and text.
  kHeading,     // Share of the subjects in the heading path.
  kHeadingFit,  // Share of the last heading's words that the question says.
  kQuantity,    // A unit tells a quantity of the kind asked for: its share of the subjects.
  kSteps,       // Steps, where "how" is asked.
};
inline constexpr std::size_t kRerankFeatures = 10;
std::string_view name_of(RerankFeature feature);
using RerankFeatures = std::array<float, kRerankFeatures>;

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

// Thread-compatible. Follows the library: a search after another process committed sees the change.
class Searcher {
 public:
  static Result<Searcher> open(const std::filesystem::path& folder,
                               const RankingOptions& options = {});
  Searcher(Searcher&&) noexcept;
  Searcher& operator=(Searcher&&) noexcept;
  ~Searcher();

  // Where the library holds manuals in the question's language and in another, both are searched,
  // and the hits are those of the former unless the latter answer clearly better.
  Result<SearchResult> search(const Query& query);

  const Library& library() const;
  // Of the library as the last search saw it.
  const TermWeights& weights() const;
  // Takes about 0.2 s the first time (the Korean dictionary); a search does it when needed.
  Analyzer& analyzer();

 private:
  struct State;
  explicit Searcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace saseo
