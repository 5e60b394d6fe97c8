#include "index/library_check.h"

#include <algorithm>
#include <cmath>

#include "base/paths.h"
#include "index/analyzer.h"
#include "index/caches.h"
#include "index/check_list.h"
#include "index/document_check.h"
#include "index/embedder_store.h"
#include "index/library_writer.h"
#include "index/postings.h"
#include "index/sqlite.h"
#include "index/vector_index.h"

namespace saseo {
namespace {

// Chunks whose terms are derived again and compared, evenly over the library.
constexpr std::int64_t kTermSample = 2000;
constexpr double kLengthTolerance = 1e-3;  // Of unit vectors in 32-bit floats.

Status check_sqlite(const Database& database, Check& check) {
  SASEO_ASSIGN_OR_RETURN(const std::int64_t pages, database.integer("PRAGMA page_count"));
  check.checked = static_cast<std::size_t>(pages);
  SASEO_ASSIGN_OR_RETURN(Statement rows, database.prepare("PRAGMA integrity_check(20)"));
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return {};
    if (rows.text(0) != "ok") add_fault(check, "SQLite: {}", "SQLite: {}", rows.text(0));
  }
}

Status check_foreign_keys(const Database& database, Check& check) {
  SASEO_ASSIGN_OR_RETURN(
      const std::int64_t referring,
      database.integer("SELECT (SELECT count(*) FROM pages) + (SELECT count(*) FROM blocks) + "
                       "(SELECT count(*) FROM chunks) + (SELECT count(*) FROM vectors)"));
  check.checked = static_cast<std::size_t>(referring);
  SASEO_ASSIGN_OR_RETURN(Statement rows, database.prepare("PRAGMA foreign_key_check"));
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return {};
    add_fault(check, "a row of {} belongs to a row of {} that does not exist",
              "{} 표에 {} 표의 없는 행을 가리키는 행이 있습니다", rows.text(0), rows.text(2));
  }
}

Status check_terms(const Database& database, Check& check) {
  SASEO_ASSIGN_OR_RETURN(const std::int64_t without_terms,
                         database.integer("SELECT count(*) FROM chunks WHERE id NOT IN "
                                          "(SELECT rowid FROM chunk_terms)"));
  if (without_terms > 0)
    add_fault(check, "{} chunks have no terms: no search finds them",
              "색인어가 없어 검색되지 않는 청크가 {}개 있습니다", without_terms);
  // None in a library of format 1, which the first version of the analysis made.
  SASEO_ASSIGN_OR_RETURN(const std::int64_t version,
                         database.integer("SELECT ifnull((SELECT value FROM meta WHERE key = "
                                          "'analyzer_version'), 1)"));
  if (version != kAnalyzerVersion) {
    SASEO_ASSIGN_OR_RETURN(const std::int64_t terms,
                           database.integer("SELECT count(*) FROM chunk_terms"));
    check.checked = static_cast<std::size_t>(terms);
    add_note(check,
             "the terms are of version {} of the analysis, this program has {}: the next ingest "
             "makes them anew",
             "색인어가 분석 {}판의 것입니다(이 프로그램은 {}판). 다음 ingest 때 다시 만듭니다",
             version, kAnalyzerVersion);
    return {};
  }
  SASEO_ASSIGN_OR_RETURN(const std::int64_t chunks,
                         database.integer("SELECT count(*) FROM chunks"));
  SASEO_ASSIGN_OR_RETURN(Statement rows,
                         database.prepare("SELECT c.id, c.text, t.bigrams, t.stems FROM chunks c "
                                          "JOIN chunk_terms t ON t.rowid = c.id ORDER BY c.id"));
  const std::int64_t stride = std::max<std::int64_t>(1, chunks / kTermSample);
  Analyzer analyzer;
  std::size_t other_stems = 0;
  for (std::int64_t position = 0;; ++position) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) break;
    if (position % stride != 0) continue;
    ++check.checked;
    const Terms terms = analyzer.analyze(rows.text(1));
    if (join_terms(terms.bigrams) != rows.text(2))
      add_fault(check, "chunk {} has other terms than its text gives",
                "청크 {}의 색인어가 본문과 다릅니다", rows.integer(0));
    else if (join_terms(terms.stems) != rows.text(3))
      ++other_stems;
  }
  // The dictionary is no part of the library: it may have been installed or updated since.
  if (other_stems > 0)
    check.notes.push_back(
        {message("{} chunks have other stems than this machine's dictionary gives",
                 "이 컴퓨터의 사전과 어간이 다른 청크가 {}개 있습니다", other_stems),
         {{AdviceKind::kRebuildLibrary, ""}}});
  return {};
}

bool is_unit_or_zero(std::span<const float> vector) {
  double square = 0;
  for (const float value : vector) square += double(value) * value;
  return square == 0 || std::abs(std::sqrt(square) - 1) < kLengthTolerance;  // False for NaN.
}

Status check_vectors_of(const Database& database, const StoredEmbedder& embedder, Check& check) {
  SASEO_ASSIGN_OR_RETURN(
      Statement rows,
      database.prepare("SELECT chunk_id, vector FROM vectors WHERE embedder_id = ?"));
  rows.bind(1, embedder.id);
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) break;
    ++check.checked;
    const auto vector = from_blob<float>(rows.blob(1));
    if (!vector || vector->size() != embedder.dims)
      add_fault(check, "chunk {}: its vector by {} has not {} dimensions",
                "청크 {}: {}의 벡터가 {}차원이 아닙니다", rows.integer(0), embedder.name,
                embedder.dims);
    else if (!is_unit_or_zero(*vector))
      add_fault(check, "chunk {}: its vector by {} has not unit length",
                "청크 {}: {}의 벡터의 길이가 1이 아닙니다", rows.integer(0), embedder.name);
  }
  SASEO_ASSIGN_OR_RETURN(
      const std::int64_t pending,
      database.integer("SELECT count(*) FROM chunks WHERE id NOT IN (SELECT chunk_id FROM vectors "
                       "WHERE embedder_id = " +
                       std::to_string(embedder.id) + ")"));
  if (pending > 0)
    add_note(check, "{} chunks wait for a vector by {}: the next ingest completes them",
             "{}개 청크에 아직 {}의 벡터가 없습니다. 다음 ingest 때 채워집니다", pending,
             embedder.name);
  SASEO_ASSIGN_OR_RETURN(const std::int64_t bad_terms,
                         database.integer("SELECT count(*) FROM lsa_terms WHERE embedder_id = " +
                                          std::to_string(embedder.id) + " AND length(vector) <> " +
                                          std::to_string(embedder.dims * sizeof(float))));
  if (bad_terms > 0)
    add_fault(check, "{} terms of the embedding have not {} dimensions",
              "임베딩의 낱말 {}개가 {}차원이 아닙니다", bad_terms, embedder.dims);
  return {};
}

Status check_vectors(const Database& database, Check& check) {
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredEmbedder> embedders, stored_embedders(database));
  SASEO_ASSIGN_OR_RETURN(const std::string named, named_embedder(database));
  if (std::ranges::find(embedders, named, &StoredEmbedder::name) == embedders.end())
    add_note(check, "no embedding yet: search is by words alone",
             "아직 임베딩이 없어 낱말로만 검색합니다");
  for (const StoredEmbedder& embedder : embedders)
    SASEO_RETURN_IF_ERROR(check_vectors_of(database, embedder, check));
  return {};
}

// Caches are never trusted: what does not fit is rebuilt, so nothing here is a fault.
Status check_caches(const Database& database, const std::filesystem::path& folder, Check& check) {
  SASEO_ASSIGN_OR_RETURN(const std::int64_t generation,
                         database.integer("SELECT value FROM meta WHERE key = 'generation'"));
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredEmbedder> embedders, stored_embedders(database));
  const auto look = [&](const std::filesystem::path& file, const auto& load) {
    ++check.checked;
    if (!path_exists(file))
      return add_note(check, "{} is not there; it is made when needed",
                      "{}이(가) 없습니다. 필요할 때 만듭니다", file.filename().string());
    if (const auto loaded = load(); !loaded.ok())
      check.notes.push_back({loaded.error().message, loaded.error().advice});
  };
  look(postings_file(folder, generation),
       [&] { return Postings::load(postings_file(folder, generation), generation); });
  for (const StoredEmbedder& embedder : embedders) {
    SASEO_ASSIGN_OR_RETURN(const std::int64_t vectors,
                           database.integer("SELECT count(*) FROM vectors WHERE embedder_id = " +
                                            std::to_string(embedder.id)));
    const std::filesystem::path file = vectors_file(folder, embedder);
    look(file, [&]() -> Status {
      SASEO_ASSIGN_OR_RETURN(const auto index, load_vectors(folder, embedder));
      if (index->ids().size() == static_cast<std::size_t>(vectors)) return {};
      return make_error(ErrorCode::kDamaged, "{}: {} vectors, the library has {}",
                        "{}: 벡터 {}개, 라이브러리에는 {}개입니다", file.filename().string(),
                        index->ids().size(), vectors);
    });
  }
  return {};
}

Status check_documents(const Database& database, CheckReport& report) {
  Check documents{"documents"}, lines{"lines"}, blocks{"blocks"}, chunks{"chunks"};
  std::vector<std::int64_t> ids;
  const Status listed = [&]() -> Status {
    SASEO_ASSIGN_OR_RETURN(Statement rows,
                           database.prepare("SELECT id FROM documents ORDER BY id"));
    while (true) {
      SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
      if (!row) return {};
      ids.push_back(rows.integer(0));
    }
  }();
  if (!listed.ok()) add_fault(documents, listed.error());
  for (const std::int64_t id : ids) {
    const Status checked = check_document(database, id, {documents, lines, blocks, chunks});
    if (!checked.ok()) {
      Error error = checked.error();
      error.message = message("document {}: {}", "문서 {}: {}", id, error.message);
      add_fault(documents, error);
    }
  }
  for (Check* check : {&documents, &lines, &blocks, &chunks})
    report.checks.push_back(std::move(*check));
  return {};
}

}  // namespace

Result<CheckReport> verify_library(const std::filesystem::path& folder) {
  SASEO_ASSIGN_OR_RETURN(const Library library, Library::open(folder));
  const Database& database = library.database();
  CheckReport report;
  // One state for all: the transaction ends with the connection.
  SASEO_RETURN_IF_ERROR(database.execute("BEGIN"));
  run_check(report, "sqlite", [&](Check& check) { return check_sqlite(database, check); });
  run_check(report, "foreign-keys",
            [&](Check& check) { return check_foreign_keys(database, check); });
  run_check(report, "terms", [&](Check& check) { return check_terms(database, check); });
  SASEO_RETURN_IF_ERROR(check_documents(database, report));
  run_check(report, "vectors", [&](Check& check) { return check_vectors(database, check); });
  run_check(report, "caches", [&](Check& check) { return check_caches(database, folder, check); });
  return report;
}

Status quick_check(const Library& library) {
  SASEO_ASSIGN_OR_RETURN(const std::string found, library.database().text("PRAGMA quick_check(1)"));
  if (found == "ok") return {};
  return make_error(
      ErrorCode::kDamaged,
      "{}: the library is damaged ({}); restore a copy, or remove the file and ingest "
      "again",
      "{}: 라이브러리가 손상되었습니다({}). 백업을 되돌리거나 파일을 지우고 다시 "
      "ingest 하세요",
      database_file(library.folder()).string(), found);
}

Result<RebuildReport> rebuild_library(const std::filesystem::path& folder) {
  // A mistyped folder must not become a new library.
  SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const Library present, Library::open(folder));
  SASEO_ASSIGN_OR_RETURN(LibraryWriter writer, LibraryWriter::open(folder));
  SASEO_RETURN_IF_ERROR(writer.rebuild_terms());
  RebuildReport report;
  SASEO_ASSIGN_OR_RETURN(report.vectors, writer.refit_embeddings());
  SASEO_RETURN_IF_ERROR(writer.write_caches());
  SASEO_ASSIGN_OR_RETURN(const LibraryStats stats, writer.library().stats());
  report.chunks = stats.chunks;
  return report;
}

}  // namespace saseo
