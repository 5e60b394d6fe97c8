// The library's caches: the postings of one committed generation, and each embedder's vectors of
// one generation of that embedder. A reader takes them from their files or, when these do not fit,
// from SQLite; only a writer saves them.
//
//   vectors/terms-<generation>.postings
//   vectors/<embedder>-<generation of the embedder>.faiss   bytes of the name other than letters,
//                                                           digits, '.', '_', '-' as %XX
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "index/embedder_store.h"
#include "index/postings.h"
#include "index/vector_index.h"

namespace saseo {

class Database;

struct IndexSnapshot {
  std::int64_t generation = 0;
  std::shared_ptr<const Postings> postings;    // Shared by the searchers of one process.
  std::optional<StoredEmbedder> embedder;      // Empty before the first fit.
  std::shared_ptr<const VectorIndex> vectors;  // Null without an embedder.
  bool from_cache = false;                     // False when a part was rebuilt.
};

struct SnapshotOptions {
  // Whose vectors, by name; empty: those of the embedder that the library names. kNotFound when the
  // library has none of that name.
  std::string_view embedder;
  VectorIndexOptions vectors;
};

std::filesystem::path postings_file(const std::filesystem::path& folder, std::int64_t generation);
std::filesystem::path vectors_file(const std::filesystem::path& folder,
                                   const StoredEmbedder& embedder);

// One consistent state of the library: read in one transaction.
Result<IndexSnapshot> load_snapshot(const Database& database, const std::filesystem::path& folder,
                                    const SnapshotOptions& options = {});
// Whether load_snapshot with this embedder would give the same state again.
Result<bool> is_current(const IndexSnapshot& snapshot, const Database& database,
                        std::string_view embedder = {});

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
