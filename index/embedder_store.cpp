#include "index/embedder_store.h"

#include "base/message.h"
#include "index/sqlite.h"

namespace saseo {
namespace {

constexpr std::size_t kLongestEmbedderName = 64;  // Escaped, three times that: a file name's 255.

// A library of format 1 has one generation for everything.
Result<Statement> select_embedders(const Database& database, std::string_view condition) {
  SASEO_ASSIGN_OR_RETURN(const std::int64_t version, database.integer("PRAGMA user_version"));
  const std::string generation =
      version < 2 ? "(SELECT value FROM meta WHERE key = 'generation')" : "generation";
  return database.prepare("SELECT id, name, dims, fit, fitted_chunks, " + generation +
                          " FROM embedders " + std::string(condition));
}

StoredEmbedder embedder_of_row(const Statement& row) {
  return {row.integer(0),
          std::string(row.text(1)),
          static_cast<std::size_t>(row.integer(2)),
          row.integer(3),
          static_cast<std::size_t>(row.integer(4)),
          row.integer(5)};
}

Status count_vector_change_where(const Database& database, const std::string& condition) {
  return database.execute(
      "UPDATE meta SET value = value + 1 WHERE key = 'vector_generation'; "
      "UPDATE embedders SET generation = "
      "(SELECT value FROM meta WHERE key = 'vector_generation') WHERE " +
      condition);
}

}  // namespace

Result<std::optional<StoredEmbedder>> stored_embedder(const Database& database,
                                                      std::string_view name) {
  SASEO_ASSIGN_OR_RETURN(Statement rows, select_embedders(database, "WHERE name = ?"));
  rows.bind(1, name);
  SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) return std::optional<StoredEmbedder>();
  return std::optional(embedder_of_row(rows));
}

Result<StoredEmbedder> required_embedder(const Database& database, std::string_view name) {
  SASEO_ASSIGN_OR_RETURN(std::optional<StoredEmbedder> stored, stored_embedder(database, name));
  if (stored) return *std::move(stored);
  return make_error(ErrorCode::kNotFound, "the library has no vectors of \"{}\"",
                    "라이브러리에 \"{}\"의 벡터가 없습니다", name)
      .advise(AdviceKind::kShowLibraryStats);
}

Result<std::vector<StoredEmbedder>> stored_embedders(const Database& database) {
  SASEO_ASSIGN_OR_RETURN(Statement rows, select_embedders(database, "ORDER BY id"));
  std::vector<StoredEmbedder> embedders;
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return embedders;
    embedders.push_back(embedder_of_row(rows));
  }
}

Result<std::string> named_embedder(const Database& database) {
  SASEO_ASSIGN_OR_RETURN(std::string name,
                         database.text("SELECT value FROM meta WHERE key = 'embedder'"));
  return name.empty() ? std::string(kLsaName) : std::move(name);
}

Status check_embedder_name(std::string_view name) {
  if (!name.empty() && name.size() <= kLongestEmbedderName && name != kLsaName) return {};
  return make_error(ErrorCode::kInvalidArgument,
                    "\"{}\" cannot name an embedder: 1 to {} bytes, and not \"{}\"",
                    "\"{}\"은(는) 임베더의 이름이 될 수 없습니다. 1~{}바이트이고 \"{}\"이(가) "
                    "아니어야 합니다",
                    name, kLongestEmbedderName, kLsaName);
}

Result<StoredEmbedder> begin_fit(const Database& database, std::string_view name,
                                 const EmbedderFit& fit) {
  SASEO_ASSIGN_OR_RETURN(
      Statement put,
      database.prepare("INSERT INTO embedders(name, dims, fit, fitted_chunks, parameters) "
                       "VALUES(?,?,1,?,?) ON CONFLICT(name) DO UPDATE SET dims = excluded.dims, "
                       "fit = fit + 1, fitted_chunks = excluded.fitted_chunks, "
                       "parameters = excluded.parameters"));
  put.bind(1, name)
      .bind(2, static_cast<std::int64_t>(fit.dims))
      .bind(3, static_cast<std::int64_t>(fit.fitted_chunks))
      .bind(4, fit.parameters);
  SASEO_RETURN_IF_ERROR(put.run());
  SASEO_ASSIGN_OR_RETURN(const StoredEmbedder stored, required_embedder(database, name));
  SASEO_RETURN_IF_ERROR(
      database.execute("DELETE FROM vectors WHERE embedder_id = " + std::to_string(stored.id)));
  SASEO_RETURN_IF_ERROR(count_vector_change(database, stored));
  return required_embedder(database, name);  // With its generation.
}

Status remove_embedder(const Database& database, std::string_view name) {
  SASEO_ASSIGN_OR_RETURN(Statement remove,
                         database.prepare("DELETE FROM embedders WHERE name = ?"));
  return remove.bind(1, name).run();  // Its vectors and terms go with it.
}

Status use_embedder(const Database& database, std::string_view name) {
  if (name != kLsaName) {  // LSA may come with the first fit.
    SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const StoredEmbedder stored,
                           required_embedder(database, name));
  }
  SASEO_ASSIGN_OR_RETURN(Statement put,
                         database.prepare("INSERT INTO meta(key, value) VALUES('embedder', ?) "
                                          "ON CONFLICT(key) DO UPDATE SET value = excluded.value"));
  return put.bind(1, name).run();
}

Status put_vector(const Database& database, const StoredEmbedder& embedder, std::int64_t chunk,
                  std::span<const float> vector) {
  SASEO_ASSIGN_OR_RETURN(
      Statement insert,
      database.prepare(
          "INSERT OR REPLACE INTO vectors(embedder_id, chunk_id, vector) VALUES(?,?,?)"));
  return insert.bind(1, embedder.id).bind(2, chunk).bind_blob(3, as_blob(vector)).run();
}

Status count_vector_change(const Database& database, const StoredEmbedder& embedder) {
  return count_vector_change_where(database, "id = " + std::to_string(embedder.id));
}

Status count_vector_change_of_all(const Database& database) {
  return count_vector_change_where(database, "true");
}

}  // namespace saseo
