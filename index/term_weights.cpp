#include "index/term_weights.h"

#include <algorithm>
#include <cmath>

namespace saseo {
namespace {

float inverse_frequency(std::size_t chunks, std::size_t with_term) {
  const float n = static_cast<float>(chunks);
  const float df = static_cast<float>(with_term);
  return std::log(1.0f + (n - df + 0.5f) / (df + 0.5f));
}

}  // namespace

std::size_t TermWeights::chunk_count() const { return postings_ ? postings_->chunks().size() : 0; }

std::size_t TermWeights::chunks_with(TermKind kind, std::string_view term) const {
  if (postings_ == nullptr) return 0;
  const std::optional<std::size_t> found = postings_->find(kind, term);
  return found ? postings_->postings(*found).ordinals.size() : 0;
}

std::size_t TermWeights::chunks_with(TermKind kind, std::string_view term,
                                     std::span<const DocumentId> documents) const {
  if (documents.empty()) return chunks_with(kind, term);
  if (postings_ == nullptr) return 0;
  const std::optional<std::size_t> found = postings_->find(kind, term);
  if (!found) return 0;
  return static_cast<std::size_t>(
      std::ranges::count_if(postings_->postings(*found).ordinals, [&](std::uint32_t ordinal) {
        const DocumentId document{postings_->chunks()[ordinal].document};
        return std::ranges::find(documents, document) != documents.end();
      }));
}

float TermWeights::idf(TermKind kind, std::string_view term) const {
  return postings_ == nullptr ? 1.0f : inverse_frequency(chunk_count(), chunks_with(kind, term));
}

float TermWeights::largest_idf() const {
  return postings_ == nullptr ? 1.0f : inverse_frequency(chunk_count(), 0);
}

}  // namespace saseo
