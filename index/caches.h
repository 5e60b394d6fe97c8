// The library's caches: postings and vectors of one committed generation. A reader takes them from
// their files or, when these do not fit, from SQLite; only a writer saves them.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "base/result.h"
#include "index/lsa_embedder.h"
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

std::filesystem::path postings_file(const std::filesystem::path& folder, std::int64_t generation);
std::filesystem::path vectors_file(const std::filesystem::path& folder, std::int64_t generation);

// One consistent state of the library: read in one transaction.
Result<IndexSnapshot> load_snapshot(const Database& database, const std::filesystem::path& folder,
                                    const VectorIndexOptions& options = {});
// Writes both files of the committed generation, then removes those of others. Without them
// (a full disk) queries rebuild from SQLite.
Status save_snapshot(const Database& database, const std::filesystem::path& folder,
                     const VectorIndexOptions& options = {});

}  // namespace saseo
