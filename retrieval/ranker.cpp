#include "retrieval/ranker.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <unordered_map>

#include "base/message.h"
#include "base/utf8.h"
#include "index/lsa_embedder.h"
#include "retrieval/fusion.h"

namespace saseo {
namespace {

using Clock = std::chrono::steady_clock;

// Milliseconds since the last call, or since construction.
class Stopwatch {
 public:
  double lap_ms() {
    const Clock::time_point now = Clock::now();
    const double ms = std::chrono::duration<double, std::milli>(now - last_).count();
    last_ = now;
    return ms;
  }

 private:
  Clock::time_point last_ = Clock::now();
};

struct ScoredOrdinal {
  std::uint32_t ordinal = 0;
  float score = 0;
};

bool is_better_ordinal(const ScoredOrdinal& a, const ScoredOrdinal& b) {
  return a.score != b.score ? a.score > b.score : a.ordinal < b.ordinal;
}

// The best `limit` with a positive score, best first.
std::vector<ScoredOrdinal> best_of(const std::vector<float>& scores,
                                   const std::vector<bool>& allowed, std::size_t limit) {
  std::vector<ScoredOrdinal> best;
  for (std::uint32_t i = 0; i < scores.size(); ++i) {
    if (scores[i] > 0 && (allowed.empty() || allowed[i])) best.push_back({i, scores[i]});
  }
  const std::size_t count = std::min(limit, best.size());
  std::partial_sort(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(count), best.end(),
                    is_better_ordinal);
  best.resize(count);
  return best;
}

// Cosines are damped for chunks shorter than the average (StageWeights::dense_length_exponent).
class LengthPrior {
 public:
  LengthPrior(const Postings& postings, float exponent)
      : chunks_(postings.chunks()), exponent_(exponent) {
    if (exponent == 0) return;
    double total = 0;
    for (const Postings::ChunkEntry& chunk : chunks_) total += chunk.stems;
    average_ = std::max(
        static_cast<float>(total / static_cast<double>(std::max<std::size_t>(chunks_.size(), 1))),
        1.0f);
  }
  float of(std::uint32_t ordinal) const {
    if (exponent_ == 0) return 1;
    constexpr float kLeast = 0.1f;  // An empty chunk counts as a tenth of the average.
    return std::pow(kLeast + static_cast<float>(chunks_[ordinal].stems) / average_, exponent_);
  }

 private:
  std::span<const Postings::ChunkEntry> chunks_;
  float exponent_;
  float average_ = 1;
};

bool is_korean(std::string_view question) {
  for (std::size_t i = 0; i < question.size();) {
    const DecodedCodePoint decoded = decode_utf8(question, i);
    if (is_hangul(decoded.code_point)) return true;
    i += decoded.length;
  }
  return false;
}

struct AnalyzedQuestion {
  std::string_view text;
  const Terms& terms;
};

// (dims) of the stored embedder.
Result<std::vector<float>> embed_question(const StoredEmbedder& stored, Embedder* embedder,
                                          const Database& database, Analyzer& analyzer,
                                          const AnalyzedQuestion& question) {
  if (embedder != nullptr && embedder->name() == stored.name && embedder->dims() == stored.dims)
    return embedder->embed_query(question.text);
  if (stored.name == kLsaName)
    return LsaEmbedder(database, analyzer, stored).embed_terms(question.terms, {});
  return make_error(
      ErrorCode::kUnsupported,
      "the library is searched by the vectors of {} ({} dimensions), and this embedder "
      "is not at hand",
      "라이브러리를 {}({}차원)의 벡터로 검색해야 하는데 그 임베더가 없습니다", stored.name,
      stored.dims);
}

std::vector<ScoredOrdinal> nearest(const Snapshot& snapshot, std::span<const float> query,
                                   const std::vector<bool>& allowed, const LengthPrior& prior,
                                   std::size_t limit) {
  std::vector<ScoredOrdinal> best;
  const auto add = [&](ChunkId chunk, float score) {
    const std::optional<std::uint32_t> ordinal = snapshot.postings->ordinal_of(chunk);
    if (ordinal && score > 0) best.push_back({*ordinal, score * prior.of(*ordinal)});
  };
  if (allowed.empty()) {
    for (const SearchHit& hit : snapshot.vectors->search(query, limit)) add(hit.chunk, hit.score);
  } else {  // A graph search under a narrow filter finds next to nothing: scan what is allowed.
    std::vector<ChunkId> chunks;
    for (std::uint32_t i = 0; i < allowed.size(); ++i) {
      if (allowed[i]) chunks.push_back(ChunkId{snapshot.postings->chunks()[i].chunk});
    }
    const std::vector<float> scores = snapshot.vectors->similarities(query, chunks);
    for (std::size_t i = 0; i < chunks.size(); ++i) add(chunks[i], scores[i]);
  }
  std::ranges::sort(best, is_better_ordinal);
  best.resize(std::min(best.size(), limit));
  return best;
}

}  // namespace

Result<Ranking> rank_chunks(const Snapshot& snapshot, const Database& database, Analyzer& analyzer,
                            std::string_view question, const std::vector<bool>& allowed,
                            const RankingOptions& options) {
  Ranking ranking;
  Stopwatch watch;
  ranking.terms = analyzer.analyze_question(question);
  ranking.timings.analyze_ms = watch.lap_ms();
  const StageWeights& weights = is_korean(question) ? options.korean : options.other;
  const LengthPrior prior(*snapshot.postings, weights.dense_length_exponent);

  const std::vector<float> lexical =
      score_lexically(*snapshot.postings, ranking.terms, weights.lexical);
  const std::vector<ScoredOrdinal> lexical_best = best_of(lexical, allowed, options.candidates);
  ranking.timings.lexical_ms = watch.lap_ms();

  std::vector<ScoredOrdinal> dense_best;
  std::vector<float> query;
  if (snapshot.embedder && snapshot.vectors != nullptr) {
    SASEO_ASSIGN_OR_RETURN(query, embed_question(*snapshot.embedder, options.embedder, database,
                                                 analyzer, {question, ranking.terms}));
    dense_best = nearest(snapshot, query, allowed, prior, options.candidates);
  }
  ranking.timings.dense_ms = watch.lap_ms();

  std::unordered_map<std::uint32_t, RankedOrdinal> candidates;
  for (std::size_t i = 0; i < lexical_best.size(); ++i) {
    RankedOrdinal& chunk = candidates[lexical_best[i].ordinal];
    chunk.lexical_rank = static_cast<int>(i) + 1;
  }
  for (std::size_t i = 0; i < dense_best.size(); ++i) {
    RankedOrdinal& chunk = candidates[dense_best[i].ordinal];
    chunk.dense_rank = static_cast<int>(i) + 1;
    chunk.dense = dense_best[i].score;
  }
  // Every candidate gets both scores exactly, whichever stage brought it.
  std::vector<std::uint32_t> ordinals;
  std::vector<ChunkId> chunks;
  for (const auto& [ordinal, chunk] : candidates) {
    ordinals.push_back(ordinal);
    chunks.push_back(ChunkId{snapshot.postings->chunks()[ordinal].chunk});
  }
  const std::vector<float> cosines = query.empty() ? std::vector<float>(chunks.size(), 0.0f)
                                                   : snapshot.vectors->similarities(query, chunks);
  std::unordered_map<ChunkId, float> reciprocal;
  if (options.mode == RankingMode::kReciprocalRanks) {
    const auto as_hits = [&](const std::vector<ScoredOrdinal>& best) {
      std::vector<SearchHit> hits;
      for (const ScoredOrdinal& b : best)
        hits.push_back({ChunkId{snapshot.postings->chunks()[b.ordinal].chunk}, b.score});
      return hits;
    };
    const std::vector<SearchHit> lexical_hits = as_hits(lexical_best),
                                 dense_hits = as_hits(dense_best);
    const std::array<WeightedRanking, 2> rankings = {
        WeightedRanking{lexical_hits, 1 - weights.dense_weight},
        WeightedRanking{dense_hits, weights.dense_weight}};
    for (const SearchHit& hit : fuse_reciprocal_rank(rankings, {.max_hits = candidates.size()})) {
      reciprocal[hit.chunk] = hit.score;
    }
  }
  const float best_lexical = lexical_best.empty() ? 1.0f : lexical_best.front().score;
  const float best_dense = dense_best.empty() ? 1.0f : dense_best.front().score;
  for (std::size_t i = 0; i < ordinals.size(); ++i) {
    RankedOrdinal& chunk = candidates[ordinals[i]];
    chunk.ordinal = ordinals[i];
    chunk.lexical = lexical[ordinals[i]];
    chunk.dense = std::max(cosines[i], 0.0f) * prior.of(ordinals[i]);
    switch (options.mode) {
      case RankingMode::kLexical:
        chunk.fused = chunk.lexical_rank > 0 ? chunk.lexical : 0;
        break;
      case RankingMode::kReciprocalRanks:
        chunk.fused = reciprocal[chunks[i]];
        break;
      case RankingMode::kDense:
        chunk.fused = chunk.dense_rank > 0 ? chunk.dense : 0;
        break;
      case RankingMode::kFused:
        chunk.fused = (1 - weights.dense_weight) * chunk.lexical / best_lexical +
                      weights.dense_weight * chunk.dense / best_dense;
        break;
    }
    if (chunk.fused > 0) ranking.chunks.push_back(chunk);
  }
  std::ranges::sort(ranking.chunks, [](const RankedOrdinal& a, const RankedOrdinal& b) {
    return a.fused != b.fused ? a.fused > b.fused : a.ordinal < b.ordinal;
  });
  ranking.timings.fuse_ms = watch.lap_ms();
  return ranking;
}

}  // namespace saseo
