// The library's caches: the postings of one committed generation, and each embedder's vectors of
// one generation of that embedder. A reader takes them from their files or, when these do not fit,
// from SQLite; only a writer saves them.
//
//   vectors/terms-<generation>.postings
//   vectors/<embedder>-<generation of the embedder>.faiss   bytes of the name other than letters,
//                                                           digits, '.', '_', '-' as %XX
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/result.h"
#include "index/embedder_store.h"
#include "index/postings.h"
#include "index/vector_index.h"

namespace saseo {

class Database;

std::filesystem::path postings_file(const std::filesystem::path& folder, std::int64_t generation);
std::filesystem::path vectors_file(const std::filesystem::path& folder,
                                   const StoredEmbedder& embedder);

// A part of a library as its file had it or, where that did not fit, as SQLite has it.
template <typename T>
struct Cached {
  T value;
  bool from_file = false;
};
// Parts of the caller's transaction, in which `generation` is the library's, and `embedder` as the
// library has it.
Result<Cached<Postings>> read_postings(const Database& database,
                                       const std::filesystem::path& folder,
                                       std::int64_t generation);
Result<Cached<std::unique_ptr<VectorIndex>>> read_vector_index(
    const Database& database, const std::filesystem::path& folder, const StoredEmbedder& embedder,
    const VectorIndexOptions& options = {});

// Fails when the embedder's file is missing, damaged or does not fit it.
Result<std::unique_ptr<VectorIndex>> load_vectors(const std::filesystem::path& folder,
                                                  const StoredEmbedder& embedder,
                                                  const VectorIndexOptions& options = {});
// Writes the embedder's file, unless the one that is there fits, then removes those of its other
// generations. Files of other embedders are left alone.
Status save_vectors(const Database& database, const std::filesystem::path& folder,
                    const StoredEmbedder& embedder, const VectorIndexOptions& options = {});
// Likewise the postings and the vectors of every embedder; then removes what belongs to no embedder
// of the library. Without the files (a full disk) queries rebuild from SQLite.
Status save_caches(const Database& database, const std::filesystem::path& folder,
                   const VectorIndexOptions& options = {});

}  // namespace saseo
