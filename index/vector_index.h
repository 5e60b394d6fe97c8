// VectorIndex: nearest neighbours by inner product among the library's unit vectors. Two
// implementations over FAISS: flat (exact) and HNSW (a graph, for large libraries).
//
// Cache file: a 64-byte header (magic, generation, fit, counts, kind, checksum), the chunk ids,
// then FAISS's own serialised form. A file that does not fit is rebuilt from SQLite, never trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/ids.h"

namespace saseo {

class Database;
struct StoredEmbedder;

// Unit vectors of chunks: vectors (ids.size(), dims), ids ascending.
struct ChunkVectors {
  std::size_t dims = 0;
  std::vector<ChunkId> ids;
  std::vector<float> vectors;
};

// Thread-safe for searching.
class VectorIndex {
 public:
  virtual ~VectorIndex() = default;

  virtual std::string_view kind() const = 0;  // "flat" or "hnsw"
  // At most `limit` hits, best first; scores are cosines.
  virtual std::vector<SearchHit> search(std::span<const float> query, std::size_t limit) const = 0;
  // Cosines with the given chunks; 0 for a chunk that has no vector here.
  std::vector<float> similarities(std::span<const float> query,
                                  std::span<const ChunkId> chunks) const;

  std::size_t dims() const { return dims_; }
  std::span<const ChunkId> ids() const { return ids_; }
  virtual Status save(const std::filesystem::path& file, std::int64_t generation,
                      std::int64_t fit) const = 0;

 protected:
  VectorIndex(std::size_t dims, std::vector<ChunkId> ids) : dims_(dims), ids_(std::move(ids)) {}
  virtual const float* vectors() const = 0;  // (ids.size(), dims)

  std::size_t dims_;
  std::vector<ChunkId> ids_;
};

struct VectorIndexOptions {
  // From this many vectors on a graph is built. Below, the exact scan is fast enough (some 5 ms for
  // 100,000 x 128 on one core, bench/index_bench) and costs nothing to build, while a graph of
  // 100,000 takes a minute.
  std::size_t graph_from = 200'000;
  int graph_neighbours = 32;    // Called M in the HNSW paper (Malkov and Yashunin, 2018).
  int build_candidates = 80;    // efConstruction
  int search_candidates = 200;  // efSearch: larger finds more of the true neighbours.
};

std::unique_ptr<VectorIndex> build_vector_index(ChunkVectors vectors,
                                                const VectorIndexOptions& options = {});
// Fails when the file is missing, damaged, or of another generation or fit.
Result<std::unique_ptr<VectorIndex>> load_vector_index(const std::filesystem::path& file,
                                                       std::int64_t generation, std::int64_t fit,
                                                       const VectorIndexOptions& options = {});

Result<ChunkVectors> read_vectors(const Database& database, const StoredEmbedder& embedder);

}  // namespace saseo
