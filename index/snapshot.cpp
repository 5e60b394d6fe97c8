#include "index/snapshot.h"

#include <algorithm>
#include <string>
#include <utility>

#include "index/caches.h"
#include "index/sqlite.h"

namespace saseo {
namespace {

Result<std::optional<StoredEmbedder>> chosen_embedder(const Database& database,
                                                      std::string_view asked) {
  if (asked.empty()) {
    SASEO_ASSIGN_OR_RETURN(const std::string named, named_embedder(database));
    return stored_embedder(database, named);
  }
  SASEO_ASSIGN_OR_RETURN(StoredEmbedder embedder, required_embedder(database, asked));
  return std::optional(std::move(embedder));
}

SnapshotKey key_of(std::int64_t generation, const std::optional<StoredEmbedder>& embedder) {
  if (!embedder) return {generation, 0, 0};
  return {generation, embedder->id, embedder->generation};
}

}  // namespace

SnapshotKey Snapshot::key() const { return key_of(generation, embedder); }

const StoredDocument* Snapshot::document(DocumentId id) const {
  const auto found = std::ranges::lower_bound(*documents, id, {}, &StoredDocument::id);
  return found != documents->end() && found->id == id ? &*found : nullptr;
}

Result<SnapshotKey> snapshot_key(const Library& library, std::string_view embedder) {
  SASEO_ASSIGN_OR_RETURN(const std::int64_t generation, library.generation());
  SASEO_ASSIGN_OR_RETURN(const std::optional<StoredEmbedder> chosen,
                         chosen_embedder(library.database(), embedder));
  return key_of(generation, chosen);
}

Result<Snapshot> read_snapshot(const Library& library, const SnapshotOptions& options) {
  const Database& database = library.database();
  Snapshot snapshot;
  SASEO_ASSIGN_OR_RETURN(snapshot.generation, library.generation());
  SASEO_ASSIGN_OR_RETURN(snapshot.embedder, chosen_embedder(database, options.embedder));
  snapshot.from_cache = true;

  const Snapshot* before = options.before;
  if (before != nullptr && before->generation == snapshot.generation) {
    snapshot.documents = before->documents;
    snapshot.postings = before->postings;
    snapshot.from_cache = before->from_cache;
  } else {
    SASEO_ASSIGN_OR_RETURN(std::vector<StoredDocument> documents, library.documents());
    snapshot.documents = std::make_shared<const std::vector<StoredDocument>>(std::move(documents));
    SASEO_ASSIGN_OR_RETURN(Cached<Postings> postings,
                           read_postings(database, library.folder(), snapshot.generation));
    snapshot.postings = std::make_shared<const Postings>(std::move(postings.value));
    snapshot.from_cache = postings.from_file;
  }
  snapshot.weights = TermWeights(snapshot.postings);

  if (!snapshot.embedder) return snapshot;
  if (before != nullptr && before->key() == snapshot.key()) {
    snapshot.vectors = before->vectors;
    return snapshot;
  }
  SASEO_ASSIGN_OR_RETURN(
      Cached<std::unique_ptr<VectorIndex>> vectors,
      read_vector_index(database, library.folder(), *snapshot.embedder, options.vectors));
  snapshot.vectors = std::move(vectors.value);
  snapshot.from_cache = snapshot.from_cache && vectors.from_file;
  return snapshot;
}

Result<Snapshot> load_snapshot(const Library& library, const SnapshotOptions& options) {
  SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const ReadTransaction transaction,
                         ReadTransaction::begin(library.database()));
  return read_snapshot(library, options);
}

}  // namespace saseo
