// How telling a term is: its inverse document frequency over the chunks of the library,
//
//   idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5))
//
// as BM25 has it (index/lexical_index.h).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "index/ids.h"
#include "index/library.h"
#include "index/postings.h"

namespace saseo {

// Thread-safe: immutable after it was made.
class TermWeights {
 public:
  // Every term weighs the same; for contexts that no library stands behind.
  TermWeights() = default;
  explicit TermWeights(std::shared_ptr<const Postings> postings) : postings_(std::move(postings)) {}

  float idf(TermKind kind, std::string_view term) const;
  // The idf of a term that no chunk holds.
  float largest_idf() const;
  std::size_t chunks_with(TermKind kind, std::string_view term) const;
  // Of the chunks with the term, those of these documents; `documents` empty: all.
  std::size_t chunks_with(TermKind kind, std::string_view term,
                          std::span<const DocumentId> documents) const;
  std::size_t chunk_count() const;

 private:
  std::shared_ptr<const Postings> postings_;  // Shared: one block of memory for all who read it.
};

}  // namespace saseo
