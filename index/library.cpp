#include "index/library.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/message.h"
#include "base/paths.h"
#include "base/utf8.h"
#include "index/embedder_store.h"
#include "index/schema.h"
#include "index/sqlite.h"
#include "index/stored_form.h"

namespace saseo {
namespace {

constexpr std::string_view kDocumentColumns =
    "id, path, kind, title, product, model_number, edition, language, page_count, characters, "
    "content_hash, settings_hash, file_size, ingested_at, "
    "(SELECT count(*) FROM chunks WHERE document_id = documents.id) ";
constexpr std::string_view kChunkColumns =
    "id, document_id, ordinal, section, segments, heading_path, text, first_page, last_page, "
    "tokens, hash ";

StoredDocument document_of_row(const Statement& row) {
  StoredDocument document;
  document.id = DocumentId{row.integer(0)};
  document.path = std::string(row.text(1));
  document.kind = kind_of_name(row.text(2));
  document.info = {std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5)),
                   std::string(row.text(6)), language_of_code(row.text(7))};
  document.page_count = static_cast<int>(row.integer(8));
  document.characters = static_cast<std::size_t>(row.integer(9));
  document.content_hash = row.text(10);
  document.settings_hash = row.text(11);
  document.file_size = static_cast<std::uint64_t>(row.integer(12));
  document.ingested_at = row.integer(13);
  document.chunk_count = static_cast<std::size_t>(row.integer(14));
  return document;
}

Result<StoredChunk> chunk_of_row(const Statement& row) {
  StoredChunk stored;
  stored.id = ChunkId{row.integer(0)};
  stored.document = DocumentId{row.integer(1)};
  stored.ordinal = static_cast<int>(row.integer(2));
  stored.chunk.section = static_cast<int>(row.integer(3));
  SASEO_ASSIGN_OR_RETURN(stored.chunk.segments, segments_from_blob(row.blob(4)));
  stored.chunk.heading_path = heading_path_from_json(row.text(5));
  stored.chunk.text = row.text(6);
  stored.chunk.first_page = static_cast<int>(row.integer(7));
  stored.chunk.last_page = static_cast<int>(row.integer(8));
  stored.chunk.tokens = static_cast<std::size_t>(row.integer(9));
  stored.chunk.hash = row.text(10);
  return stored;
}

// "WHERE ... ORDER BY ...". An older library has one text for both languages.
Result<Statement> select_warnings(const Database& database, std::string_view which) {
  SASEO_ASSIGN_OR_RETURN(const std::int64_t format, database.integer("PRAGMA user_version"));
  return database.prepare(
      fmt::format("SELECT document_id, page, code, message, {} FROM warnings {}",
                  format < 3 ? "message" : "korean", which));
}

ReadWarning warning_of_row(const Statement& row) {
  return {static_cast<int>(row.integer(1)), std::string(row.text(2)),
          Message(std::string(row.text(3)), std::string(row.text(4)))};
}

Error no_such_document(DocumentId id) {
  return make_error(ErrorCode::kNotFound, "no document {} in the library",
                    "라이브러리에 문서 {}이(가) 없습니다", static_cast<std::int64_t>(id))
      .advise(AdviceKind::kListDocuments);
}

}  // namespace

std::filesystem::path database_file(const std::filesystem::path& folder) {
  return folder / "library.db";
}
std::filesystem::path cache_folder(const std::filesystem::path& folder) {
  return folder / "vectors";
}

struct Library::State {
  std::filesystem::path folder;
  Database database;
};

Library::Library(std::unique_ptr<State> state) : state_(std::move(state)) {}
Library::Library(Library&&) noexcept = default;
Library& Library::operator=(Library&&) noexcept = default;
Library::~Library() = default;

Result<Library> Library::open(const std::filesystem::path& folder) {
  const std::filesystem::path file = database_file(folder);
  if (!path_exists(file)) {
    return make_error(ErrorCode::kNotFound, "{}: no library there", "{}: 라이브러리가 없습니다",
                      folder.string())
        .advise(AdviceKind::kIngestDocuments);
  }
  SASEO_ASSIGN_OR_RETURN(Database database, Database::open(file, Database::Mode::kRead));
  SASEO_RETURN_IF_ERROR(check_schema(database));
  return Library(std::make_unique<State>(State{folder, std::move(database)}));
}

const std::filesystem::path& Library::folder() const { return state_->folder; }
const Database& Library::database() const { return state_->database; }

Result<std::int64_t> Library::generation() const {
  return state_->database.integer("SELECT value FROM meta WHERE key = 'generation'");
}

Result<std::vector<StoredDocument>> Library::documents() const {
  SASEO_ASSIGN_OR_RETURN(Statement rows,
                         state_->database.prepare("SELECT " + std::string(kDocumentColumns) +
                                                  "FROM documents ORDER BY id"));
  std::vector<StoredDocument> documents;
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) break;
    documents.push_back(document_of_row(rows));
  }
  SASEO_ASSIGN_OR_RETURN(Statement warnings,
                         select_warnings(state_->database, "ORDER BY document_id, page, rowid"));
  auto document = documents.begin();
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, warnings.step());
    if (!row) break;
    const DocumentId id{warnings.integer(0)};
    while (document != documents.end() && document->id < id) ++document;
    if (document == documents.end()) break;
    if (document->id != id) continue;
    document->warnings.push_back(warning_of_row(warnings));
  }
  return documents;
}

Result<StoredDocument> Library::document(DocumentId id) const {
  SASEO_ASSIGN_OR_RETURN(Statement rows,
                         state_->database.prepare("SELECT " + std::string(kDocumentColumns) +
                                                  "FROM documents WHERE id = ?"));
  rows.bind(1, static_cast<std::int64_t>(id));
  SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) return no_such_document(id);
  StoredDocument document = document_of_row(rows);
  SASEO_ASSIGN_OR_RETURN(
      Statement warnings,
      select_warnings(state_->database, "WHERE document_id = ? ORDER BY page, rowid"));
  warnings.bind(1, static_cast<std::int64_t>(id));
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool more, warnings.step());
    if (!more) break;
    document.warnings.push_back(warning_of_row(warnings));
  }
  return document;
}

Result<DocumentId> Library::find_document(std::string_view name) const {
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> all, documents());
  std::int64_t number = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
  if (parsed.ec == std::errc() && parsed.ptr == name.data() + name.size()) {
    for (const StoredDocument& document : all) {
      if (static_cast<std::int64_t>(document.id) == number) return document.id;
    }
  }
  const std::string folded = fold_for_matching(name);
  std::error_code ignored;
  const std::filesystem::path absolute =
      std::filesystem::absolute(std::string(name), ignored).lexically_normal();
  std::vector<const StoredDocument*> fitting;
  for (const StoredDocument& document : all) {
    if (document.path == absolute) return document.id;
    const auto is = [&](std::string_view value) {
      return !value.empty() && fold_for_matching(value) == folded;
    };
    if (is(document.path.filename().string()) || is(document.path.stem().string()) ||
        is(document.info.title) || is(document.info.product) || is(document.info.model_number)) {
      fitting.push_back(&document);
    }
  }
  if (fitting.size() == 1) return fitting.front()->id;
  if (fitting.empty()) {
    return make_error(ErrorCode::kNotFound, "no document \"{}\" in the library",
                      "라이브러리에 \"{}\" 문서가 없습니다", name)
        .advise(AdviceKind::kListDocuments);
  }
  std::string ids;
  for (const StoredDocument* document : fitting) {
    if (!ids.empty()) ids += ", ";
    ids += std::to_string(static_cast<std::int64_t>(document->id)) + " (" +
           document->path.filename().string() + ")";
  }
  return make_error(ErrorCode::kInvalidArgument,
                    "\"{}\" fits several documents: {}; name one by its number",
                    "\"{}\"에 해당하는 문서가 여럿입니다: {}. 번호로 지정하세요", name, ids);
}

Result<std::string> Library::document_text(DocumentId id) const {
  SASEO_ASSIGN_OR_RETURN(Statement rows,
                         state_->database.prepare("SELECT text FROM documents WHERE id = ?"));
  rows.bind(1, static_cast<std::int64_t>(id));
  SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) return no_such_document(id);
  return std::string(rows.text(0));
}

Result<StoredChunk> Library::chunk(ChunkId id) const {
  SASEO_ASSIGN_OR_RETURN(Statement rows,
                         state_->database.prepare("SELECT " + std::string(kChunkColumns) +
                                                  "FROM chunks WHERE id = ?"));
  rows.bind(1, static_cast<std::int64_t>(id));
  SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) {
    return make_error(ErrorCode::kNotFound, "chunk {} is no longer in the library; ask again",
                      "청크 {}이(가) 라이브러리에 더 이상 없습니다. 다시 질문하세요",
                      static_cast<std::int64_t>(id));
  }
  return chunk_of_row(rows);
}

namespace {
Result<std::vector<StoredChunk>> all_chunks(Statement& rows) {
  std::vector<StoredChunk> chunks;
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return chunks;
    SASEO_ASSIGN_OR_RETURN(StoredChunk chunk, chunk_of_row(rows));
    chunks.push_back(std::move(chunk));
  }
}
}  // namespace

Result<std::vector<StoredChunk>> Library::chunks_between(DocumentId document, int first,
                                                         int last) const {
  SASEO_ASSIGN_OR_RETURN(
      Statement rows,
      state_->database.prepare("SELECT " + std::string(kChunkColumns) +
                               "FROM chunks WHERE document_id = ? AND ordinal BETWEEN ? AND ? "
                               "ORDER BY ordinal"));
  rows.bind(1, static_cast<std::int64_t>(document))
      .bind(2, std::int64_t{first})
      .bind(3, std::int64_t{last});
  return all_chunks(rows);
}

Result<std::vector<StoredChunk>> Library::section_of(DocumentId document, int section) const {
  SASEO_ASSIGN_OR_RETURN(Statement rows,
                         state_->database.prepare(
                             "SELECT " + std::string(kChunkColumns) +
                             "FROM chunks WHERE document_id = ? AND section = ? ORDER BY ordinal"));
  rows.bind(1, static_cast<std::int64_t>(document)).bind(2, std::int64_t{section});
  return all_chunks(rows);
}

Result<std::vector<Library::StoredBlock>> Library::blocks_in(DocumentId document,
                                                             const ByteSpan& span) const {
  SASEO_ASSIGN_OR_RETURN(
      Statement rows,
      state_->database.prepare(
          "SELECT ordinal, kind, level, marker, span_begin, span_end, first_page, last_page, "
          "parent, table_number FROM blocks "
          "WHERE document_id = ? AND span_begin < ? AND span_end > ? ORDER BY ordinal"));
  rows.bind(1, static_cast<std::int64_t>(document))
      .bind(2, static_cast<std::int64_t>(span.end))
      .bind(3, static_cast<std::int64_t>(span.begin));
  SASEO_ASSIGN_OR_RETURN(const std::string text, document_text(document));
  std::vector<StoredBlock> blocks;
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return blocks;
    StoredBlock stored;
    stored.ordinal = static_cast<int>(rows.integer(0));
    stored.block.kind = static_cast<BlockKind>(rows.integer(1));
    stored.block.level = static_cast<int>(rows.integer(2));
    stored.block.marker = rows.text(3);
    stored.block.span = {static_cast<std::size_t>(rows.integer(4)),
                         static_cast<std::size_t>(rows.integer(5))};
    stored.block.first_page = static_cast<int>(rows.integer(6));
    stored.block.last_page = static_cast<int>(rows.integer(7));
    stored.block.parent = static_cast<int>(rows.integer(8));
    stored.block.table = static_cast<int>(rows.integer(9));
    if (stored.block.span.begin > stored.block.span.end || stored.block.span.end > text.size())
      continue;  // verify names it
    stored.text = text.substr(stored.block.span.begin, stored.block.span.size());
    blocks.push_back(std::move(stored));
  }
}

Result<Page> Library::page(DocumentId document, int number) const {
  SASEO_ASSIGN_OR_RETURN(
      Statement rows, state_->database.prepare("SELECT label, width, height, characters FROM pages "
                                               "WHERE document_id = ? AND number = ?"));
  rows.bind(1, static_cast<std::int64_t>(document)).bind(2, std::int64_t{number});
  SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) {
    return make_error(ErrorCode::kNotFound, "document {} has no page {}",
                      "문서 {}에 {}쪽이 없습니다", static_cast<std::int64_t>(document), number);
  }
  return Page{number, std::string(rows.text(0)), static_cast<float>(rows.real(1)),
              static_cast<float>(rows.real(2)), static_cast<std::size_t>(rows.integer(3))};
}

Result<std::vector<Box>> Library::boxes_of(DocumentId document, const ByteSpan& span) const {
  SASEO_ASSIGN_OR_RETURN(
      Statement rows,
      state_->database.prepare(
          "SELECT number, lines FROM pages WHERE document_id = ?1 AND number BETWEEN "
          "(SELECT min(first_page) FROM blocks WHERE document_id = ?1 AND span_begin < ?2 AND "
          "span_end > ?3) AND "
          "(SELECT max(last_page) FROM blocks WHERE document_id = ?1 AND span_begin < ?2 AND "
          "span_end > ?3) "
          "ORDER BY number"));
  rows.bind(1, static_cast<std::int64_t>(document))
      .bind(2, static_cast<std::int64_t>(span.end))
      .bind(3, static_cast<std::int64_t>(span.begin));
  std::vector<Box> boxes;
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return boxes;
    SASEO_ASSIGN_OR_RETURN(const std::vector<TextLine> lines,
                           lines_from_blob(rows.blob(1), static_cast<int>(rows.integer(0))));
    for (const TextLine& line : lines) {
      if (!line.span.overlaps(span)) continue;
      // A sentence may begin or end inside a line: its share of the line, by bytes.
      Box box = line.box;
      const float size = static_cast<float>(line.span.size());
      const float before =
          static_cast<float>(std::max(span.begin, line.span.begin) - line.span.begin) / size;
      const float after =
          static_cast<float>(line.span.end - std::min(span.end, line.span.end)) / size;
      box.x += box.width * before;
      box.width *= 1 - before - after;
      boxes.push_back(box);
    }
  }
}

Result<LibraryStats> Library::stats() const {
  LibraryStats stats;
  const auto count = [&](const std::string& sql) -> Result<std::size_t> {
    SASEO_ASSIGN_OR_RETURN(const std::int64_t value, state_->database.integer(sql));
    return static_cast<std::size_t>(value);
  };
  SASEO_ASSIGN_OR_RETURN(stats.documents, count("SELECT count(*) FROM documents"));
  SASEO_ASSIGN_OR_RETURN(stats.pages, count("SELECT total(page_count) FROM documents"));
  SASEO_ASSIGN_OR_RETURN(stats.characters, count("SELECT total(characters) FROM documents"));
  SASEO_ASSIGN_OR_RETURN(stats.chunks, count("SELECT count(*) FROM chunks"));
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredEmbedder> embedders,
                         stored_embedders(state_->database));
  SASEO_ASSIGN_OR_RETURN(const std::string named, named_embedder(state_->database));
  for (const StoredEmbedder& embedder : embedders) {
    SASEO_ASSIGN_OR_RETURN(
        const std::size_t vectors,
        count("SELECT count(*) FROM vectors WHERE embedder_id = " + std::to_string(embedder.id)));
    stats.embedders.push_back({embedder.name, embedder.dims, vectors});
    if (embedder.name != named) continue;
    stats.embedder = embedder.name;
    stats.dims = embedder.dims;
    stats.vectors = vectors;
  }
  SASEO_ASSIGN_OR_RETURN(stats.generation, generation());
  std::error_code ignored;
  const auto size_of = [&](const std::filesystem::path& path) -> std::uint64_t {
    const std::uintmax_t size = std::filesystem::file_size(path, ignored);
    return ignored ? 0 : static_cast<std::uint64_t>(size);
  };
  stats.database_bytes = size_of(database_file(state_->folder));
  for (const auto& entry :
       std::filesystem::directory_iterator(cache_folder(state_->folder), ignored)) {
    stats.cache_bytes += size_of(entry.path());
  }
  return stats;
}

}  // namespace saseo
