// Snapshot: what is known of one committed state of a library without asking SQLite: documents,
// postings, term weights and one embedder's vectors. It never changes, so any number of threads
// search it at once; a later state of the library is another snapshot.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/embedder_store.h"
#include "index/library.h"
#include "index/postings.h"
#include "index/term_weights.h"
#include "index/vector_index.h"

namespace saseo {

// Tells two committed states of a library apart, as far as searches by one embedder can tell.
struct SnapshotKey {
  std::int64_t generation = 0;  // Of the library (Library::generation()).
  std::int64_t embedder = 0;    // Its id; 0: the library has none yet.
  std::int64_t embedder_generation = 0;
  friend auto operator<=>(const SnapshotKey&, const SnapshotKey&) = default;
};

// Thread-safe once it is shared as const. Its parts are shared pointers because snapshots of one
// generation, which differ in their embedder, have postings in common.
struct Snapshot {
  std::int64_t generation = 0;
  std::shared_ptr<const std::vector<StoredDocument>> documents;  // In order of id; never null.
  std::shared_ptr<const Postings> postings;                      // Never null.
  TermWeights weights;                                           // Of these postings.
  std::optional<StoredEmbedder> embedder;                        // Empty before the first fit.
  std::shared_ptr<const VectorIndex> vectors;                    // Null without an embedder.
  bool from_cache = false;  // False when a part was made anew from SQLite.

  SnapshotKey key() const;
  const StoredDocument* document(DocumentId id) const;  // Null when there is none.
};

struct SnapshotOptions {
  // Whose vectors, by name; empty: those of the embedder that the library names. kNotFound when the
  // library has none of that name.
  std::string_view embedder;
  VectorIndexOptions vectors;
  // What it has of the state that is read is shared. May be null.
  const Snapshot* before = nullptr;
};

// Parts of the caller's read transaction.
Result<SnapshotKey> snapshot_key(const Library& library, std::string_view embedder = {});
Result<Snapshot> read_snapshot(const Library& library, const SnapshotOptions& options = {});

// The last committed state, read in a transaction of its own.
Result<Snapshot> load_snapshot(const Library& library, const SnapshotOptions& options = {});

}  // namespace saseo
