#include "index/caches.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/message.h"
#include "index/library.h"
#include "index/sqlite.h"

namespace saseo {
namespace {

Result<std::int64_t> generation_of(const Database& database) {
  return database.integer("SELECT value FROM meta WHERE key = 'generation'");
}

// The embedder's part of a file's name: "a/b" -> "a%2Fb".
std::string file_name_of(std::string_view embedder) {
  std::string name;
  for (const char c : embedder) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
    name += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return name;
}

// Whose file it is, whatever its generation: "lsa" of "lsa-12.faiss", "terms" of
// "terms-3.postings"; empty for others. The generation is what follows the last '-', so that no
// name of an embedder can be taken for another's.
std::string owner_of(const std::filesystem::path& file, std::string_view extension) {
  const std::string stem = file.stem().string();
  const std::size_t dash = stem.rfind('-');
  if (file.extension() != extension || dash == std::string::npos || dash + 1 == stem.size() ||
      stem.find_first_not_of("0123456789", dash + 1) != std::string::npos) {
    return {};
  }
  return stem.substr(0, dash);
}

template <typename Unwanted>
void remove_caches(const std::filesystem::path& folder, const Unwanted& unwanted) {
  std::error_code ignored;
  std::vector<std::filesystem::path> files;  // Removing while listing may pass over some.
  for (const auto& entry : std::filesystem::directory_iterator(cache_folder(folder), ignored)) {
    if (unwanted(entry.path())) files.push_back(entry.path());
  }
  for (const std::filesystem::path& file : files) std::filesystem::remove(file, ignored);
}

Status save_postings(const Database& database, const std::filesystem::path& folder) {
  SASEO_ASSIGN_OR_RETURN(const std::int64_t generation, generation_of(database));
  const std::filesystem::path file = postings_file(folder, generation);
  SASEO_ASSIGN_OR_RETURN(const Cached<Postings> postings,
                         read_postings(database, folder, generation));
  if (!postings.from_file) SASEO_RETURN_IF_ERROR(postings.value.save(file));
  remove_caches(folder, [&](const std::filesystem::path& other) {
    return other != file && owner_of(other, ".postings") == "terms";
  });
  return {};
}

}  // namespace

std::filesystem::path postings_file(const std::filesystem::path& folder, std::int64_t generation) {
  return cache_folder(folder) / ("terms-" + std::to_string(generation) + ".postings");
}

std::filesystem::path vectors_file(const std::filesystem::path& folder,
                                   const StoredEmbedder& embedder) {
  return cache_folder(folder) /
         (file_name_of(embedder.name) + "-" + std::to_string(embedder.generation) + ".faiss");
}

Result<Cached<Postings>> read_postings(const Database& database,
                                       const std::filesystem::path& folder,
                                       std::int64_t generation) {
  Result<Postings> loaded = Postings::load(postings_file(folder, generation), generation);
  if (loaded.ok()) return Cached<Postings>{std::move(loaded).value(), true};
  SASEO_ASSIGN_OR_RETURN(Postings built, Postings::build(database, generation));
  return Cached<Postings>{std::move(built), false};
}

Result<Cached<std::unique_ptr<VectorIndex>>> read_vector_index(const Database& database,
                                                               const std::filesystem::path& folder,
                                                               const StoredEmbedder& embedder,
                                                               const VectorIndexOptions& options) {
  using CachedVectors = Cached<std::unique_ptr<VectorIndex>>;
  Result<std::unique_ptr<VectorIndex>> loaded = load_vectors(folder, embedder, options);
  if (loaded.ok()) return CachedVectors{std::move(loaded).value(), true};
  SASEO_ASSIGN_OR_RETURN(ChunkVectors stored, read_vectors(database, embedder));
  return CachedVectors{build_vector_index(std::move(stored), options), false};
}

Result<std::unique_ptr<VectorIndex>> load_vectors(const std::filesystem::path& folder,
                                                  const StoredEmbedder& embedder,
                                                  const VectorIndexOptions& options) {
  const std::filesystem::path file = vectors_file(folder, embedder);
  SASEO_ASSIGN_OR_RETURN(std::unique_ptr<VectorIndex> vectors,
                         load_vector_index(file, embedder.generation, embedder.fit, options));
  if (vectors->dims() == embedder.dims) return vectors;
  return make_error(
      ErrorCode::kDamaged,
      "{}: this cache is not used ({} dimensions, {} expected); it is rebuilt from library.db",
      "{}: 이 캐시는 쓰지 않습니다({}차원, {}차원 필요). library.db에서 다시 만듭니다",
      file.string(), vectors->dims(), embedder.dims);
}

Status save_vectors(const Database& database, const std::filesystem::path& folder,
                    const StoredEmbedder& embedder, const VectorIndexOptions& options) {
  std::error_code failure;
  std::filesystem::create_directories(cache_folder(folder), failure);
  if (failure) return io_error(cache_folder(folder), failure.value());
  const std::filesystem::path file = vectors_file(folder, embedder);
  SASEO_ASSIGN_OR_RETURN(const Cached<std::unique_ptr<VectorIndex>> vectors,
                         read_vector_index(database, folder, embedder, options));
  if (!vectors.from_file)
    SASEO_RETURN_IF_ERROR(vectors.value->save(file, embedder.generation, embedder.fit));
  remove_caches(folder, [&](const std::filesystem::path& other) {
    return other != file && owner_of(other, ".faiss") == file_name_of(embedder.name);
  });
  return {};
}

Status save_caches(const Database& database, const std::filesystem::path& folder,
                   const VectorIndexOptions& options) {
  std::error_code failure;
  std::filesystem::create_directories(cache_folder(folder), failure);
  if (failure) return io_error(cache_folder(folder), failure.value());
  SASEO_ASSIGN_OR_RETURN(const ReadTransaction transaction, ReadTransaction::begin(database));
  SASEO_RETURN_IF_ERROR(save_postings(database, folder));
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredEmbedder> embedders, stored_embedders(database));
  std::set<std::string> owners;
  for (const StoredEmbedder& embedder : embedders) {
    SASEO_RETURN_IF_ERROR(save_vectors(database, folder, embedder, options));
    owners.insert(file_name_of(embedder.name));
  }
  remove_caches(folder, [&](const std::filesystem::path& file) {
    return owner_of(file, ".postings") != "terms" && !owners.contains(owner_of(file, ".faiss"));
  });
  return {};
}

}  // namespace saseo
