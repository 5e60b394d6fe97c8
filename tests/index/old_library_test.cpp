// Libraries of older formats and of other versions of the analysis.
#include <gtest/gtest.h>

#include <map>

#include "index/caches.h"
#include "index/library_check.h"
#include "index/lsa_embedder.h"
#include "index/schema.h"
#include "index/snapshot.h"
#include "tests/index/hash_embedder.h"
#include "tests/index/temporary_library.h"

namespace saseo {
namespace {

// Format 1 as it was released: terms in FTS5, vectors by chunk, one generation for all.
constexpr std::string_view kFormat1 = R"sql(
PRAGMA application_id = 0x53415345;
PRAGMA user_version = 1;
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

// Everything of the library `new`, as format 1 holds it.
constexpr std::string_view kCopy = R"sql(
DELETE FROM meta;
INSERT INTO meta SELECT key, value FROM new.meta WHERE key = 'generation';
INSERT INTO documents SELECT * FROM new.documents;
INSERT INTO pages SELECT * FROM new.pages;
INSERT INTO blocks SELECT * FROM new.blocks;
INSERT INTO chunks SELECT * FROM new.chunks;
INSERT INTO chunk_terms(rowid, bigrams, stems, heading_bigrams, heading_stems)
  SELECT chunk_id, bigrams, stems, heading_bigrams, heading_stems FROM new.chunk_terms;
INSERT INTO embedders SELECT id, name, dims, fit, fitted_chunks, parameters FROM new.embedders;
INSERT INTO vectors SELECT chunk_id, embedder_id, vector FROM new.vectors;
INSERT INTO lsa_terms SELECT * FROM new.lsa_terms;
INSERT INTO word_lemmas SELECT * FROM new.word_lemmas;
INSERT INTO warnings SELECT document_id, page, code, message FROM new.warnings;
)sql";

class OldLibraryTest : public ::testing::Test {
 protected:
  OldLibraryTest() {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    EXPECT_FALSE(writer.has_reindexed());
    for (int i = 0; i < 8; ++i) {
      const std::string number = std::to_string(i);
      EXPECT_TRUE(
          put_markdown(writer, "/m/" + number + ".md",
                       "# 충전 " + number + "\n\n배터리를 " + number +
                           (i % 2 == 0 ? "번 무선 패드에 올리세요.\n" : "번 케이블로 이으세요.\n"))
              .ok());
    }
    EXPECT_TRUE(writer.update_embeddings().ok());
    EXPECT_TRUE(writer.write_caches().ok());
  }
  std::filesystem::path path() const { return folder_.path() / "library"; }
  // The same library as format 1 has it, with its caches as that named them.
  void make_format_1() {
    const std::filesystem::path old_file = folder_ / "old.db";
    std::string generation;
    {
      const Database old_library = Database::open(old_file, Database::Mode::kWrite).value();
      for (const std::string& sql :
           {std::string(kFormat1), "ATTACH '" + database_file(path()).string() + "' AS new",
            std::string(kCopy)}) {
        const Status done = old_library.execute(sql);
        ASSERT_TRUE(done.ok()) << done.error().message.english;
      }
      generation = old_library.text("SELECT value FROM meta").value();
    }
    for (const char* suffix : {"", "-wal", "-shm"})
      std::filesystem::remove(database_file(path()).string() + suffix);
    std::filesystem::rename(old_file, database_file(path()));
    std::filesystem::remove_all(cache_folder(path()));
    const Library library = Library::open(path()).value();
    ASSERT_TRUE(save_caches(library.database(), path()).ok());
    ASSERT_TRUE(std::filesystem::exists(cache_folder(path()) / ("lsa-" + generation + ".faiss")));
  }
  std::int64_t integer(const std::string& sql) {
    return Library::open(path())->database().integer(sql).value();
  }
  void change(const std::string& sql) {
    const Database database = Database::open(database_file(path()), Database::Mode::kWrite).value();
    const Status changed = database.execute(sql);
    ASSERT_TRUE(changed.ok()) << changed.error().message.english;
  }
  // Rows of a query with two columns.
  std::map<std::int64_t, std::string> rows_of(const std::string& sql) {
    const Library library = Library::open(path()).value();
    Statement rows = library.database().prepare(sql).value();
    std::map<std::int64_t, std::string> found;
    while (rows.step().value()) found.emplace(rows.integer(0), rows.text(1));
    return found;
  }
  std::map<std::int64_t, std::string> terms() {
    return rows_of(
        "SELECT rowid, bigrams || '|' || stems || '|' || heading_bigrams || '|' || heading_stems "
        "FROM chunk_terms");
  }
  std::map<std::int64_t, std::string> vectors(const std::string& embedder) {
    return rows_of(
        "SELECT chunk_id, hex(vector) FROM vectors WHERE embedder_id = "
        "(SELECT id FROM embedders WHERE name = '" +
        embedder + "')");
  }
  TemporaryFolder folder_;
};

TEST_F(OldLibraryTest, OfFormat1IsReadAsItIs) {
  make_format_1();
  const Library library = Library::open(path()).value();
  const Snapshot snapshot = load_snapshot(library).value();
  EXPECT_TRUE(snapshot.from_cache);
  EXPECT_EQ(snapshot.embedder->name, kLsaName);
  EXPECT_EQ(snapshot.vectors->ids().size(), 8u);
  EXPECT_EQ(snapshot.postings->chunks().size(), 8u);
  EXPECT_EQ(library.stats()->vectors, 8u);
  EXPECT_TRUE(verify_library(path())->healthy());
  EXPECT_EQ(integer("PRAGMA user_version"), 1);
}

TEST_F(OldLibraryTest, OfFormat1IsBroughtUpToDateByAWriterWithItsVectorsAsThoseOfLsa) {
  make_format_1();
  const auto old_terms = terms(), old_vectors = vectors("lsa");
  ASSERT_EQ(old_vectors.size(), 8u);
  { ASSERT_FALSE(LibraryWriter::open(path())->has_reindexed()); }
  EXPECT_EQ(integer("PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(terms(), old_terms);
  EXPECT_EQ(vectors("lsa"), old_vectors);
  EXPECT_EQ(integer("SELECT count(*) FROM vectors"), 8);
  EXPECT_EQ(integer("SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%fts5%'"), 0);
  const CheckReport report = verify_library(path()).value();
  EXPECT_TRUE(report.healthy());
  EXPECT_TRUE(report.find("caches")->notes.empty());  // They are as good as before.
}

TEST_F(OldLibraryTest, OfFormat1GoesOnWithDocumentsAndAnotherEmbedder) {
  make_format_1();
  HashEmbedder hash;
  {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    ASSERT_TRUE(put_markdown(writer, "/m/1.md", "# 충전 1\n\n다른 글입니다.\n").ok());
    EXPECT_EQ(writer.update_embeddings().value(), 1u);
    EXPECT_EQ(writer.update_embeddings(hash).value(), 8u);
    ASSERT_TRUE(writer.write_caches().ok());
  }
  EXPECT_EQ(vectors("lsa").size(), 8u);
  EXPECT_TRUE(verify_library(path())->healthy());
}

// Formats 1 and 2 have the text of one language, whichever it was.
TEST_F(OldLibraryTest, HasOneTextForBothLanguagesOfAWarningUntilItsDocumentIsReadAgain) {
  change(
      "INSERT INTO warnings VALUES(1, 2, 'no-text', 'page 2 has no text', '2쪽에 글이 없습니다')");
  const auto warning = [&] { return Library::open(path())->document(DocumentId{1})->warnings[0]; };
  EXPECT_EQ(warning().message, Message("page 2 has no text", "2쪽에 글이 없습니다"));
  change(
      "UPDATE warnings SET message = korean; ALTER TABLE warnings DROP COLUMN korean; "
      "PRAGMA user_version = 2");
  const Message one_text = untranslated("2쪽에 글이 없습니다");
  EXPECT_EQ(warning().message, one_text);
  EXPECT_EQ(Library::open(path())->documents()->front().warnings[0].message, one_text);
  { ASSERT_TRUE(LibraryWriter::open(path()).ok()); }
  EXPECT_EQ(integer("PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(warning().message, one_text);
  EXPECT_EQ(warning().page, 2);
  EXPECT_TRUE(verify_library(path())->healthy());
}

TEST_F(OldLibraryTest, WhatDamageLeftWithoutAnOwnerStaysBehind) {
  make_format_1();
  change(
      "PRAGMA foreign_keys = OFF; INSERT INTO chunk_terms(rowid, bigrams) VALUES(900, 'x'); "
      "INSERT INTO vectors VALUES(900, 1, x'00'), (1, 77, x'00')");
  const Result<LibraryWriter> writer = LibraryWriter::open(path());
  ASSERT_TRUE(writer.ok()) << writer.error().message.english;
  EXPECT_EQ(terms().size(), 8u);
  EXPECT_TRUE(verify_library(path())->healthy());
}

TEST_F(OldLibraryTest, OfAnotherAnalysisIsReadAsItIsAndVerifyTellsIt) {
  change(
      "UPDATE meta SET value = 0 WHERE key = 'analyzer_version'; "
      "UPDATE chunk_terms SET bigrams = 'otherwise'");
  const Library library = Library::open(path()).value();
  EXPECT_TRUE(load_snapshot(library).ok());
  const CheckReport report = verify_library(path()).value();
  EXPECT_TRUE(report.healthy());
  EXPECT_EQ(report.find("terms")->notes.size(), 1u);
}

TEST_F(OldLibraryTest, OfAnotherAnalysisIsIndexedAnewByTheNextWriterWithLsaAndNothingElse) {
  HashEmbedder hash;
  {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    ASSERT_TRUE(writer.update_embeddings(hash).ok());
    ASSERT_TRUE(writer.write_caches().ok());
  }
  const auto right_terms = terms(), right_vectors = vectors("lsa"), others = vectors("hash");
  const std::int64_t fit = integer("SELECT fit FROM embedders WHERE name = 'lsa'");
  change(
      "UPDATE meta SET value = 999 WHERE key = 'analyzer_version'; "
      "UPDATE chunk_terms SET bigrams = 'x', stems = 'x', heading_bigrams = '', "
      "heading_stems = ''; UPDATE word_lemmas SET lemmas = 'x'; "
      "UPDATE vectors SET vector = zeroblob(length(vector)) WHERE embedder_id = "
      "(SELECT id FROM embedders WHERE name = 'lsa')");
  {
    const LibraryWriter writer = LibraryWriter::open(path()).value();
    EXPECT_TRUE(writer.has_reindexed());
    EXPECT_EQ(terms(), right_terms);
  }
  {  // Killed before the refit: the next run still knows of it.
    LibraryWriter writer = LibraryWriter::open(path()).value();
    EXPECT_FALSE(writer.has_reindexed());
    EXPECT_EQ(writer.update_embeddings().value(), 8u);
    EXPECT_EQ(writer.update_embeddings(hash).value(), 0u);
    ASSERT_TRUE(writer.write_caches().ok());
  }
  EXPECT_EQ(integer("SELECT fit FROM embedders WHERE name = 'lsa'"), fit + 1);
  EXPECT_EQ(vectors("lsa"), right_vectors);
  EXPECT_EQ(vectors("hash"), others);
  EXPECT_EQ(integer("SELECT value FROM meta WHERE key = 'analyzer_version'"), kAnalyzerVersion);
  EXPECT_EQ(integer("SELECT count(*) FROM word_lemmas WHERE lemmas = 'x'"), 0);
  EXPECT_TRUE(verify_library(path())->healthy());
}

}  // namespace
}  // namespace saseo
