#include "index/lexical_index.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

namespace saseo {
namespace {

float idf_of(std::size_t chunk_count, std::size_t document_frequency) {
  const float n = static_cast<float>(chunk_count);
  const float df = static_cast<float>(document_frequency);
  return std::log1p((n - df + 0.5f) / (df + 0.5f));
}

// Distinct terms with how often the question says them, in order of first mention.
std::vector<std::pair<std::string, float>> counted(const std::vector<std::string>& terms) {
  std::vector<std::pair<std::string, float>> result;
  std::unordered_map<std::string, std::size_t> position;
  for (const std::string& term : terms) {
    const auto [entry, added] = position.try_emplace(term, result.size());
    if (added) result.emplace_back(term, 0.0f);
    result[entry->second].second += 1;
  }
  return result;
}

struct FieldNorms {
  std::vector<float> body, heading;  // 1 / (1 - b + b len / avg), by ordinal.
};

FieldNorms norms_of(const Postings& postings, TermKind kind, const LexicalOptions& options) {
  const auto chunks = postings.chunks();
  const auto body = [&](const Postings::ChunkEntry& c) {
    return kind == TermKind::kBigram ? c.bigrams : c.stems;
  };
  const auto heading = [&](const Postings::ChunkEntry& c) {
    return kind == TermKind::kBigram ? c.heading_bigrams : c.heading_stems;
  };
  double body_total = 0, heading_total = 0;
  for (const auto& chunk : chunks) body_total += body(chunk), heading_total += heading(chunk);
  const float n = static_cast<float>(std::max<std::size_t>(chunks.size(), 1));
  const float body_average = std::max(static_cast<float>(body_total) / n, 1e-3f);
  const float heading_average = std::max(static_cast<float>(heading_total) / n, 1e-3f);
  FieldNorms norms;
  norms.body.reserve(chunks.size());
  norms.heading.reserve(chunks.size());
  for (const auto& chunk : chunks) {
    norms.body.push_back(
        1 / (1 - options.body_b + options.body_b * static_cast<float>(body(chunk)) / body_average));
    norms.heading.push_back(
        1 / (1 - options.heading_b +
             options.heading_b * static_cast<float>(heading(chunk)) / heading_average));
  }
  return norms;
}

void add_scores(const Postings& postings, TermKind kind, const std::vector<std::string>& terms,
                float weight, const LexicalOptions& options, std::vector<float>& scores) {
  if (terms.empty() || weight == 0) return;
  const FieldNorms norms = norms_of(postings, kind, options);
  for (const auto& [term, times] : counted(terms)) {
    const std::optional<std::size_t> id = postings.find(kind, term);
    if (!id) continue;
    const Postings::TermPostings list = postings.postings(*id);
    const float gain =
        weight * times * idf_of(postings.chunks().size(), list.ordinals.size()) * (options.k1 + 1);
    for (std::size_t i = 0; i < list.ordinals.size(); ++i) {
      const std::uint32_t ordinal = list.ordinals[i];
      const float frequency = static_cast<float>(list.counts[i].body) * norms.body[ordinal] +
                              options.heading_weight * static_cast<float>(list.counts[i].heading) *
                                  norms.heading[ordinal];
      scores[ordinal] += gain * frequency / (options.k1 + frequency);
    }
  }
}

}  // namespace

std::vector<float> score_lexically(const Postings& postings, const Terms& question,
                                   const LexicalOptions& options) {
  std::vector<float> scores(postings.chunks().size(), 0.0f);
  add_scores(postings, TermKind::kBigram, question.bigrams, options.bigram_weight, options, scores);
  add_scores(postings, TermKind::kStem, question.stems, options.stem_weight, options, scores);
  return scores;
}

float covered_share(const Postings& postings, const Terms& question, std::uint32_t ordinal) {
  float covered = 0, total = 0;
  const auto add = [&](TermKind kind, const std::vector<std::string>& terms) {
    for (const auto& [term, times] : counted(terms)) {
      const std::optional<std::size_t> id = postings.find(kind, term);
      const auto ordinals = id ? postings.postings(*id).ordinals : std::span<const std::uint32_t>();
      const float weight = idf_of(postings.chunks().size(), ordinals.size());
      total += weight;
      if (std::ranges::binary_search(ordinals, ordinal)) covered += weight;
    }
  };
  add(TermKind::kBigram, question.bigrams);
  add(TermKind::kStem, question.stems);
  return total > 0 ? covered / total : 0;
}

}  // namespace saseo
