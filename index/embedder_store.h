// The table `embedders`: whose vectors the library holds, side by side, and which of them a query
// uses. Every embedder has a generation of its own, so that work on one makes no cache of another
// stale.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/embedder.h"

namespace saseo {

class Database;

struct StoredEmbedder {
  std::int64_t id = 0;
  std::string name;
  std::size_t dims = 0;
  std::int64_t fit = 0;           // Counts how often all its vectors were made anew.
  std::size_t fitted_chunks = 0;  // LSA: what it was fitted on; 0: it is to be fitted anew.
  // Another one after every committed change of its vectors; no two states of the library, whatever
  // the embedder, share one. Its cache file carries it.
  std::int64_t generation = 0;
};

// nullopt: the library has no such embedder, as it has no LSA before the first fit.
Result<std::optional<StoredEmbedder>> stored_embedder(const Database& database,
                                                      std::string_view name);
Result<StoredEmbedder> required_embedder(const Database& database,
                                         std::string_view name);  // kNotFound without it.
Result<std::vector<StoredEmbedder>> stored_embedders(const Database& database);  // In order of id.
// Whose vectors a query uses: kLsaName until use_embedder. It may have none yet.
Result<std::string> named_embedder(const Database& database);

// The following are parts of the caller's transaction.

// What may be chosen: up to 64 bytes, so that it can name a file, and not kLsaName, whose vectors
// the library makes itself.
Status check_embedder_name(std::string_view name);
struct EmbedderFit {
  std::size_t dims = 0;
  std::size_t fitted_chunks = 0;
  std::string parameters = "{}";  // JSON: what people may want to know of it.
};
// Adds the embedder, or counts its fit up; its vectors are deleted, those of others stay.
Result<StoredEmbedder> begin_fit(const Database& database, std::string_view name,
                                 const EmbedderFit& fit);
// With its vectors. Those of others stay.
Status remove_embedder(const Database& database, std::string_view name);
Status use_embedder(const Database& database, std::string_view name);
Status put_vector(const Database& database, const StoredEmbedder& embedder, std::int64_t chunk,
                  std::span<const float> vector);
// A new generation: for one embedder whose vectors changed, or for all, as when chunks went.
Status count_vector_change(const Database& database, const StoredEmbedder& embedder);
Status count_vector_change_of_all(const Database& database);

}  // namespace saseo
