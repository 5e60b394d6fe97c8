// The inverted index as one immutable block of memory: a cache of the table chunk_terms, rebuilt
// from it when its generation does not fit. FTS5's bm25() would read common bigrams row by row;
// over this block a query of thirty terms takes a few milliseconds on 100,000 chunks.
//
// Layout (little-endian, every section 8-byte aligned; counts in the header):
//   Header
//   ChunkEntry  chunks[chunk_count]            by document, in reading order
//   u32         by_id[chunk_count]             positions in `chunks`, ascending by chunk id
//   u64         term_text[term_count + 1]      offsets into `text`; terms sorted by (kind, bytes)
//   u64         term_postings[term_count + 1]  offsets into `ordinals` and `counts`
//   u32         ordinals[posting_count]        chunk ordinals, ascending within a term
//   Frequency   counts[posting_count]
//   char        text[text_bytes]               each term: 'b' (bigram) or 's' (stem), its bytes
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "index/ids.h"

namespace saseo {

class Database;

enum class TermKind : char { kBigram = 'b', kStem = 's' };

// Thread-safe: immutable after it was made.
class Postings {
 public:
  struct ChunkEntry {
    std::int64_t chunk = 0;
    std::int64_t document = 0;
    std::int32_t section = 0;
    std::int32_t first_page = 0, last_page = 0;
    // Terms in the body and in the heading path, by kind.
    std::uint32_t bigrams = 0, stems = 0, heading_bigrams = 0, heading_stems = 0;
    std::uint32_t unused = 0;
  };
  // Occurrences in body and heading, each at most 255.
  struct Frequency {
    std::uint8_t body = 0, heading = 0;
  };
  struct TermPostings {
    std::span<const std::uint32_t> ordinals;  // Positions in chunks().
    std::span<const Frequency> counts;
  };

  // Reads the committed chunk_terms. `generation` is stored and compared when the cache is loaded.
  static Result<Postings> build(const Database& database, std::int64_t generation);
  // Fails when the file is missing, damaged or of another generation.
  static Result<Postings> load(const std::filesystem::path& file, std::int64_t generation);
  Status save(const std::filesystem::path& file) const;

  std::int64_t generation() const;
  std::span<const ChunkEntry> chunks() const;  // By document, in reading order.
  std::size_t term_count() const;
  std::size_t posting_count() const;
  std::size_t bytes() const { return block().size(); }

  std::optional<std::size_t> find(TermKind kind, std::string_view term) const;
  TermPostings postings(std::size_t term) const;
  std::string_view term_text(std::size_t term) const;  // With its kind in front.
  std::optional<std::uint32_t> ordinal_of(ChunkId chunk) const;

 private:
  Postings() = default;
  std::span<const std::byte> block() const {
    return owned_.empty() ? mapped_.bytes() : std::span(owned_);
  }
  // True when all offsets and ordinals are in range.
  bool attach();

  std::vector<std::byte> owned_;
  MappedFile mapped_;
  const std::uint64_t* term_text_ = nullptr;
  const std::uint64_t* term_postings_ = nullptr;
  const ChunkEntry* chunks_ = nullptr;
  const std::uint32_t* by_id_ = nullptr;
  const std::uint32_t* ordinals_ = nullptr;
  const Frequency* counts_ = nullptr;
  const char* text_ = nullptr;
};

}  // namespace saseo
