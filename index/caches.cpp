#include "index/caches.h"

#include <string>

#include "base/files.h"
#include "index/library.h"
#include "index/sqlite.h"

namespace saseo {
namespace {

// Ends the read transaction that makes several statements see one state.
class ReadTransaction {
 public:
  static Result<ReadTransaction> begin(const Database& database) {
    SASEO_RETURN_IF_ERROR(database.execute("BEGIN"));
    return ReadTransaction(&database);
  }
  ReadTransaction(ReadTransaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)) {}
  ReadTransaction& operator=(ReadTransaction&&) = delete;
  ~ReadTransaction() {
    if (database_ != nullptr) (void)database_->execute("COMMIT").ok();
  }

 private:
  explicit ReadTransaction(const Database* database) : database_(database) {}
  const Database* database_;
};

Result<std::int64_t> generation_of(const Database& database) {
  return database.integer("SELECT value FROM meta WHERE key = 'generation'");
}

}  // namespace

std::filesystem::path postings_file(const std::filesystem::path& folder, std::int64_t generation) {
  return cache_folder(folder) / ("terms-" + std::to_string(generation) + ".postings");
}

std::filesystem::path vectors_file(const std::filesystem::path& folder, std::int64_t generation) {
  return cache_folder(folder) /
         (std::string(kLsaName) + "-" + std::to_string(generation) + ".faiss");
}

Result<IndexSnapshot> load_snapshot(const Database& database, const std::filesystem::path& folder,
                                    const VectorIndexOptions& options) {
  SASEO_ASSIGN_OR_RETURN(const ReadTransaction transaction, ReadTransaction::begin(database));
  IndexSnapshot snapshot;
  snapshot.from_cache = true;
  SASEO_ASSIGN_OR_RETURN(snapshot.generation, generation_of(database));
  Result<Postings> postings =
      Postings::load(postings_file(folder, snapshot.generation), snapshot.generation);
  if (!postings.ok()) {
    snapshot.from_cache = false;
    postings = Postings::build(database, snapshot.generation);
    if (!postings.ok()) return std::move(postings).error();
  }
  snapshot.postings = std::make_shared<const Postings>(std::move(postings).value());
  SASEO_ASSIGN_OR_RETURN(snapshot.embedder, stored_embedder(database, kLsaName));
  if (!snapshot.embedder) return snapshot;
  Result<std::unique_ptr<VectorIndex>> vectors =
      load_vector_index(vectors_file(folder, snapshot.generation), snapshot.generation,
                        snapshot.embedder->fit, options);
  if (vectors.ok()) {
    snapshot.vectors = std::move(vectors).value();
  } else {
    snapshot.from_cache = false;
    SASEO_ASSIGN_OR_RETURN(ChunkVectors stored, read_vectors(database, *snapshot.embedder));
    snapshot.vectors = build_vector_index(std::move(stored), options);
  }
  return snapshot;
}

Status save_snapshot(const Database& database, const std::filesystem::path& folder,
                     const VectorIndexOptions& options) {
  std::error_code failure;
  std::filesystem::create_directories(cache_folder(folder), failure);
  if (failure) return io_error(cache_folder(folder), failure.value());
  SASEO_ASSIGN_OR_RETURN(const IndexSnapshot snapshot, load_snapshot(database, folder, options));
  if (!snapshot.from_cache) {
    SASEO_RETURN_IF_ERROR(snapshot.postings->save(postings_file(folder, snapshot.generation)));
    if (snapshot.vectors != nullptr) {
      SASEO_RETURN_IF_ERROR(snapshot.vectors->save(vectors_file(folder, snapshot.generation),
                                                   snapshot.generation, snapshot.embedder->fit));
    }
  }
  for (const auto& entry : std::filesystem::directory_iterator(cache_folder(folder), failure)) {
    if (entry.path() == postings_file(folder, snapshot.generation)) continue;
    if (entry.path() == vectors_file(folder, snapshot.generation)) continue;
    std::filesystem::remove(entry.path(), failure);
  }
  return {};
}

}  // namespace saseo
