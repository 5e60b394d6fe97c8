// Ids of rows of the library. They are never used again for another row.
#pragma once

#include <cstdint>

namespace saseo {

enum class DocumentId : std::int64_t {};
enum class ChunkId : std::int64_t {};

// A chunk and how well it fits; larger is better everywhere.
struct SearchHit {
  ChunkId chunk{};
  float score = 0;
  friend bool operator==(const SearchHit&, const SearchHit&) = default;
};

// Best first; equal scores in chunk order, so that results repeat.
inline bool is_better(const SearchHit& a, const SearchHit& b) {
  return a.score != b.score ? a.score > b.score : a.chunk < b.chunk;
}

}  // namespace saseo
