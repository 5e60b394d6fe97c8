#include "index/schema.h"

#include <array>
#include <string>
#include <string_view>

#include "base/message.h"

namespace saseo {
namespace {

constexpr std::int64_t kApplicationId = 0x53415345;  // "SASE": `file` tells what the database is.

constexpr std::string_view kVersion1 = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES('generation', 0);

CREATE TABLE documents(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  settings_hash TEXT NOT NULL,
  file_size INTEGER NOT NULL,
  title TEXT NOT NULL, product TEXT NOT NULL, model_number TEXT NOT NULL,
  edition TEXT NOT NULL, language TEXT NOT NULL,
  corrected INTEGER NOT NULL DEFAULT 0,
  page_count INTEGER NOT NULL,
  characters INTEGER NOT NULL,
  ingested_at INTEGER NOT NULL,
  text TEXT NOT NULL);

CREATE TABLE pages(
  document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  number INTEGER NOT NULL, label TEXT NOT NULL,
  width REAL NOT NULL, height REAL NOT NULL, characters INTEGER NOT NULL,
  lines BLOB NOT NULL,
  PRIMARY KEY(document_id, number)) WITHOUT ROWID;

CREATE TABLE blocks(
  document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  kind INTEGER NOT NULL, level INTEGER NOT NULL, marker TEXT NOT NULL,
  span_begin INTEGER NOT NULL, span_end INTEGER NOT NULL,
  first_page INTEGER NOT NULL, last_page INTEGER NOT NULL,
  parent INTEGER NOT NULL, table_number INTEGER NOT NULL,
  PRIMARY KEY(document_id, ordinal)) WITHOUT ROWID;

CREATE TABLE chunks(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  section INTEGER NOT NULL,
  segments BLOB NOT NULL,
  heading_path TEXT NOT NULL,
  text TEXT NOT NULL,
  first_page INTEGER NOT NULL, last_page INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE(document_id, ordinal));

CREATE VIRTUAL TABLE chunk_terms USING fts5(
  bigrams, stems, heading_bigrams, heading_stems, detail = column,
  tokenize = 'unicode61 remove_diacritics 0');

CREATE TABLE embedders(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  dims INTEGER NOT NULL,
  fit INTEGER NOT NULL,
  fitted_chunks INTEGER NOT NULL,
  parameters TEXT NOT NULL);

CREATE TABLE vectors(
  chunk_id INTEGER NOT NULL REFERENCES chunks(id) ON DELETE CASCADE,
  embedder_id INTEGER NOT NULL REFERENCES embedders(id) ON DELETE CASCADE,
  vector BLOB NOT NULL,
  PRIMARY KEY(chunk_id, embedder_id)) WITHOUT ROWID;

CREATE TABLE lsa_terms(
  embedder_id INTEGER NOT NULL REFERENCES embedders(id) ON DELETE CASCADE,
  term TEXT NOT NULL,
  weight REAL NOT NULL,
  vector BLOB NOT NULL,
  PRIMARY KEY(embedder_id, term)) WITHOUT ROWID;

CREATE TABLE word_lemmas(word TEXT PRIMARY KEY, lemmas TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE warnings(
  document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  page INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL);
CREATE INDEX warnings_of_document ON warnings(document_id);
)sql";

// Terms in a plain table: nothing ever asked FTS5's index, which took a third of the terms' room
// again. Vectors by embedder, so that one's are read and deleted without passing over the others',
// each embedder with a generation of its own; the vectors of format 1 are LSA's. Rows that belong
// to no chunk or embedder, which only damage leaves, stay behind.
constexpr std::string_view kVersion2 = R"sql(
CREATE TABLE plain_terms(
  chunk_id INTEGER PRIMARY KEY REFERENCES chunks(id) ON DELETE CASCADE,
  bigrams TEXT NOT NULL, stems TEXT NOT NULL,
  heading_bigrams TEXT NOT NULL, heading_stems TEXT NOT NULL);
INSERT INTO plain_terms
  SELECT rowid, ifnull(bigrams, ''), ifnull(stems, ''), ifnull(heading_bigrams, ''),
         ifnull(heading_stems, '')
  FROM chunk_terms WHERE rowid IN (SELECT id FROM chunks);
DROP TABLE chunk_terms;
ALTER TABLE plain_terms RENAME TO chunk_terms;

ALTER TABLE embedders ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
UPDATE embedders SET generation = (SELECT value FROM meta WHERE key = 'generation');
INSERT INTO meta SELECT 'vector_generation', value FROM meta WHERE key = 'generation';
INSERT INTO meta VALUES('analyzer_version', 1);

CREATE TABLE vectors_by_embedder(
  embedder_id INTEGER NOT NULL REFERENCES embedders(id) ON DELETE CASCADE,
  chunk_id INTEGER NOT NULL REFERENCES chunks(id) ON DELETE CASCADE,
  vector BLOB NOT NULL,
  PRIMARY KEY(embedder_id, chunk_id)) WITHOUT ROWID;
INSERT INTO vectors_by_embedder
  SELECT embedder_id, chunk_id, vector FROM vectors
  WHERE embedder_id IN (SELECT id FROM embedders) AND chunk_id IN (SELECT id FROM chunks)
  ORDER BY embedder_id, chunk_id;
DROP TABLE vectors;
ALTER TABLE vectors_by_embedder RENAME TO vectors;
CREATE INDEX vectors_of_chunk ON vectors(chunk_id);
)sql";

// Warnings in both languages: `message` is the English text. Those of older formats have one text,
// which stands for both until their document is read again.
constexpr std::string_view kVersion3 = R"sql(
ALTER TABLE warnings ADD COLUMN korean TEXT NOT NULL DEFAULT '';
UPDATE warnings SET korean = message;
)sql";

// kMigrations[v] brings version v to v + 1.
constexpr std::array<std::string_view, kSchemaVersion> kMigrations = {kVersion1, kVersion2,
                                                                      kVersion3};

Error of_another_program() {
  return make_error(ErrorCode::kDamaged, "library.db is an SQLite file of another program",
                    "library.db는 다른 프로그램의 SQLite 파일입니다")
      .advise(AdviceKind::kChooseOtherLibrary);
}

Result<std::int64_t> checked_version(const Database& database) {
  SASEO_ASSIGN_OR_RETURN(const std::int64_t version, database.integer("PRAGMA user_version"));
  SASEO_ASSIGN_OR_RETURN(const std::int64_t application, database.integer("PRAGMA application_id"));
  if (version > kSchemaVersion) {
    return make_error(ErrorCode::kTooNew, "the library has format {}, this program reads up to {}",
                      "라이브러리의 형식은 {}인데 이 프로그램은 {}까지 읽습니다", version,
                      kSchemaVersion)
        .advise(AdviceKind::kUseNewerProgram)
        .advise(AdviceKind::kChooseOtherLibrary);
  }
  if (version < 0 || (version > 0 && application != kApplicationId)) {
    return of_another_program();
  }
  return version;
}

}  // namespace

Status migrate(const Database& database) {
  SASEO_ASSIGN_OR_RETURN(std::int64_t version, checked_version(database));
  if (version == kSchemaVersion) return {};
  if (version == 0) {
    SASEO_ASSIGN_OR_RETURN(const std::int64_t tables,
                           database.integer("SELECT count(*) FROM sqlite_schema"));
    if (tables != 0) {
      return of_another_program();
    }
  }
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  // Another writer may have migrated while this one waited.
  SASEO_ASSIGN_OR_RETURN(version, checked_version(database));
  for (; version < kSchemaVersion; ++version) {
    SASEO_RETURN_IF_ERROR(database.execute(kMigrations[static_cast<std::size_t>(version)]));
  }
  SASEO_RETURN_IF_ERROR(
      database.execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
  SASEO_RETURN_IF_ERROR(
      database.execute("PRAGMA user_version = " + std::to_string(kSchemaVersion)));
  return transaction.commit();
}

Status check_schema(const Database& database) {
  SASEO_ASSIGN_OR_RETURN(const std::int64_t version, checked_version(database));
  if (version > 0) return {};
  // Created, and nothing committed: the first ingest was cut short.
  return make_error(ErrorCode::kNotFound, "the library is empty", "라이브러리가 비어 있습니다")
      .advise(AdviceKind::kIngestDocuments);
}

}  // namespace saseo
