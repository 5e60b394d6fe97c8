#include "index/library_writer.h"

#include <algorithm>
#include <ctime>
#include <system_error>
#include <thread>
#include <unordered_map>

#include "base/files.h"
#include "base/message.h"
#include "base/utf8.h"
#include "index/analyzer.h"
#include "index/caches.h"
#include "index/chunk_text.h"
#include "index/embedder_store.h"
#include "index/lemma_store.h"
#include "index/lsa_embedder.h"
#include "index/schema.h"
#include "index/sqlite.h"
#include "index/stored_form.h"
#include "index/writer_lock.h"

namespace saseo {
namespace {

// A fit serves until the library holds this much more, or less, than it was fitted on.
constexpr double kGrowthBeforeRefit = 1.25;
constexpr double kShrinkBeforeRefit = 0.6;

struct OldChunk {
  std::int64_t id = 0;
  bool used = false;
};

Status bump_generation(const Database& database) {
  return database.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'");
}

}  // namespace

struct LibraryWriter::State {
  WriterLock lock;
  Database database;
  Library reader;
  Analyzer analyzer;
  std::jthread dictionary_loader;
  bool reindexed = false;

  Result<std::int64_t> put_document_row(const DocumentSource& source, const Document& document);
  Status put_pages(std::int64_t id, const Document& document);
  Status put_blocks(std::int64_t id, const Document& document);
  Status put_warnings(std::int64_t id, const Document& document);
  Result<std::size_t> put_chunks(std::int64_t document, std::span<const Chunk> chunks,
                                 bool keep_unchanged);
  Result<std::int64_t> insert_chunk(std::int64_t document, int ordinal, const Chunk& chunk);
  Status put_terms(std::int64_t chunk, const PassageText& text);
  // Writes the terms of a whole document anew.
  Status index_document(std::int64_t document);
  // Of the whole library, and all that follows from them. Part of the caller's transaction.
  Status index_everything();
  Status reindex_after_other_analysis();
};

LibraryWriter::LibraryWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
LibraryWriter::LibraryWriter(LibraryWriter&&) noexcept = default;
LibraryWriter& LibraryWriter::operator=(LibraryWriter&&) noexcept = default;
LibraryWriter::~LibraryWriter() = default;
const Library& LibraryWriter::library() const { return state_->reader; }
bool LibraryWriter::has_reindexed() const { return state_->reindexed; }

Result<LibraryWriter> LibraryWriter::open(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return io_error(folder, failure.value());
  SASEO_ASSIGN_OR_RETURN(WriterLock lock, WriterLock::acquire(folder));
  SASEO_ASSIGN_OR_RETURN(Database database,
                         Database::open(database_file(folder), Database::Mode::kWrite));
  // WAL: readers go on while this process writes. FULL: a commit survives a power cut.
  SASEO_RETURN_IF_ERROR(database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"));
  SASEO_RETURN_IF_ERROR(migrate(database));
  SASEO_ASSIGN_OR_RETURN(Library reader, Library::open(folder));
  auto state = std::make_unique<State>(
      State{std::move(lock), std::move(database), std::move(reader), Analyzer(), {}, false});
  state->analyzer.set_lemma_lookup(stored_lemmas(state->database));
  SASEO_RETURN_IF_ERROR(state->reindex_after_other_analysis());
  return LibraryWriter(std::move(state));
}

void LibraryWriter::expect_korean() {
  if (state_->dictionary_loader.joinable()) return;
  const Result<std::int64_t> known =
      state_->database.integer("SELECT EXISTS(SELECT 1 FROM word_lemmas)");
  if (!known.ok() || *known != 0) return;
  try {
    state_->dictionary_loader = std::jthread(Analyzer::preload);
  } catch (const std::system_error&) {
    // No thread to be had: the first Korean word loads it.
  }
}

Result<PutReport> LibraryWriter::put_document(const DocumentSource& source,
                                              const Document& document,
                                              std::span<const Chunk> chunks) {
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(state_->database));
  SASEO_ASSIGN_OR_RETURN(Statement find,
                         state_->database.prepare("SELECT id FROM documents WHERE path = ?"));
  find.bind(1, source.path.string());
  SASEO_ASSIGN_OR_RETURN(const bool known, find.step());
  std::string old_title;
  if (known) {
    SASEO_ASSIGN_OR_RETURN(old_title, indexed_title(state_->database, find.integer(0)));
  }
  find.reset();
  SASEO_ASSIGN_OR_RETURN(const std::int64_t id, state_->put_document_row(source, document));
  SASEO_RETURN_IF_ERROR(state_->put_pages(id, document));
  SASEO_RETURN_IF_ERROR(state_->put_blocks(id, document));
  SASEO_RETURN_IF_ERROR(state_->put_warnings(id, document));
  SASEO_ASSIGN_OR_RETURN(const std::string title, indexed_title(state_->database, id));
  // The title is indexed with every chunk: another title makes every chunk another one.
  SASEO_ASSIGN_OR_RETURN(const std::size_t kept,
                         state_->put_chunks(id, chunks, known && title == old_title));
  SASEO_RETURN_IF_ERROR(store_lemmas(state_->database, state_->analyzer));
  SASEO_RETURN_IF_ERROR(bump_generation(state_->database));
  SASEO_RETURN_IF_ERROR(transaction.commit());
  return PutReport{DocumentId{id}, chunks.size(), kept};
}

Result<std::int64_t> LibraryWriter::State::put_document_row(const DocumentSource& source,
                                                            const Document& document) {
  // Fields that a person corrected keep their value: bit f of `corrected` is InfoField f.
  SASEO_ASSIGN_OR_RETURN(
      Statement put,
      database.prepare("INSERT INTO documents(path, kind, content_hash, settings_hash, file_size, "
                       "title, product, model_number, "
                       "edition, language, page_count, characters, ingested_at, text) "
                       "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
                       "ON CONFLICT(path) DO UPDATE SET kind = excluded.kind, content_hash = "
                       "excluded.content_hash, "
                       "settings_hash = excluded.settings_hash, file_size = excluded.file_size, "
                       "title = iif(corrected & 1, title, excluded.title), "
                       "product = iif(corrected & 2, product, excluded.product), "
                       "model_number = iif(corrected & 4, model_number, excluded.model_number), "
                       "edition = iif(corrected & 8, edition, excluded.edition), "
                       "language = iif(corrected & 16, language, excluded.language), "
                       "page_count = excluded.page_count, characters = excluded.characters, "
                       "ingested_at = excluded.ingested_at, text = excluded.text RETURNING id"));
  put.bind(1, source.path.string())
      .bind(2, name_of(document.kind))
      .bind(3, source.content_hash)
      .bind(4, source.settings_hash)
      .bind(5, static_cast<std::int64_t>(source.file_size))
      .bind(6, document.info.title)
      .bind(7, document.info.product)
      .bind(8, document.info.model_number)
      .bind(9, document.info.edition)
      .bind(10, language_code(document.info.language))
      .bind(11, static_cast<std::int64_t>(document.pages.size()))
      .bind(12, static_cast<std::int64_t>(count_code_points(document.text)))
      .bind(13, static_cast<std::int64_t>(std::time(nullptr)))
      .bind(14, document.text);
  SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const bool row, put.step());
  const std::int64_t id = put.integer(0);
  put.reset();
  for (const char* table : {"pages", "blocks", "warnings"}) {
    SASEO_RETURN_IF_ERROR(database.execute("DELETE FROM " + std::string(table) +
                                           " WHERE document_id = " + std::to_string(id)));
  }
  return id;
}

Status LibraryWriter::State::put_pages(std::int64_t id, const Document& document) {
  SASEO_ASSIGN_OR_RETURN(
      Statement insert,
      database.prepare(
          "INSERT INTO pages(document_id, number, label, width, height, characters, lines) "
          "VALUES(?,?,?,?,?,?,?)"));
  std::unordered_map<int, std::vector<TextLine>> lines_of_page;
  for (const TextLine& line : document.lines) lines_of_page[line.box.page].push_back(line);
  for (const Page& page : document.pages) {
    insert.bind(1, id)
        .bind(2, std::int64_t{page.number})
        .bind(3, page.label)
        .bind(4, static_cast<double>(page.width))
        .bind(5, static_cast<double>(page.height))
        .bind(6, static_cast<std::int64_t>(page.characters))
        .bind_blob(7, lines_to_blob(lines_of_page[page.number]));
    SASEO_RETURN_IF_ERROR(insert.run());
  }
  return {};
}

Status LibraryWriter::State::put_blocks(std::int64_t id, const Document& document) {
  SASEO_ASSIGN_OR_RETURN(Statement insert,
                         database.prepare("INSERT INTO blocks VALUES(?,?,?,?,?,?,?,?,?,?,?)"));
  std::int64_t ordinal = 0;
  for (const Block& block : document.blocks) {
    insert.bind(1, id)
        .bind(2, ordinal++)
        .bind(3, static_cast<std::int64_t>(block.kind))
        .bind(4, std::int64_t{block.level})
        .bind(5, block.marker)
        .bind(6, static_cast<std::int64_t>(block.span.begin))
        .bind(7, static_cast<std::int64_t>(block.span.end))
        .bind(8, std::int64_t{block.first_page})
        .bind(9, std::int64_t{block.last_page})
        .bind(10, std::int64_t{block.parent})
        .bind(11, std::int64_t{block.table});
    SASEO_RETURN_IF_ERROR(insert.run());
  }
  return {};
}

Status LibraryWriter::State::put_warnings(std::int64_t id, const Document& document) {
  SASEO_ASSIGN_OR_RETURN(
      Statement insert,
      database.prepare("INSERT INTO warnings(document_id, page, code, message, korean) "
                       "VALUES(?,?,?,?,?)"));
  for (const ReadWarning& warning : document.warnings) {
    insert.bind(1, id)
        .bind(2, std::int64_t{warning.page})
        .bind(3, warning.code)
        .bind(4, warning.message.english)
        .bind(5, warning.message.korean);
    SASEO_RETURN_IF_ERROR(insert.run());
  }
  return {};
}

// Chunks whose hash was there keep their row, terms and vectors; only their place is updated.
Result<std::size_t> LibraryWriter::State::put_chunks(std::int64_t id, std::span<const Chunk> chunks,
                                                     bool keep_unchanged) {
  std::unordered_multimap<std::string, OldChunk> old;
  SASEO_ASSIGN_OR_RETURN(Statement rows,
                         database.prepare("SELECT id, hash FROM chunks WHERE document_id = ?"));
  rows.bind(1, id);
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) break;
    old.emplace(std::string(rows.text(1)), OldChunk{rows.integer(0)});
  }
  // Out of the way, so that ordinals can be given anew without a clash.
  SASEO_RETURN_IF_ERROR(database.execute(
      "UPDATE chunks SET ordinal = -1 - ordinal WHERE document_id = " + std::to_string(id)));
  SASEO_ASSIGN_OR_RETURN(
      Statement move,
      database.prepare("UPDATE chunks SET ordinal = ?, section = ?, segments = ?, first_page = ?, "
                       "last_page = ? WHERE id = ?"));
  SASEO_ASSIGN_OR_RETURN(const std::string title, indexed_title(database, id));
  std::size_t kept = 0;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const auto [first, last] = old.equal_range(chunks[i].hash);
    const auto match = keep_unchanged
                           ? std::find_if(first, last, [](const auto& e) { return !e.second.used; })
                           : last;
    if (match == last) {
      SASEO_ASSIGN_OR_RETURN(const std::int64_t chunk,
                             insert_chunk(id, static_cast<int>(i), chunks[i]));
      const std::string heading = indexed_heading(title, chunks[i].heading_path);
      SASEO_RETURN_IF_ERROR(put_terms(chunk, {heading, chunks[i].text}));
      continue;
    }
    match->second.used = true;
    ++kept;
    move.bind(1, static_cast<std::int64_t>(i))
        .bind(2, std::int64_t{chunks[i].section})
        .bind_blob(3, segments_to_blob(chunks[i].segments))
        .bind(4, std::int64_t{chunks[i].first_page})
        .bind(5, std::int64_t{chunks[i].last_page})
        .bind(6, match->second.id);
    SASEO_RETURN_IF_ERROR(move.run());
  }
  for (const auto& [hash, chunk] : old) {
    if (chunk.used) continue;  // The others' terms and vectors go with their rows.
    SASEO_RETURN_IF_ERROR(
        database.execute("DELETE FROM chunks WHERE id = " + std::to_string(chunk.id)));
  }
  if (kept < old.size()) SASEO_RETURN_IF_ERROR(count_vector_change_of_all(database));
  return kept;
}

Result<std::int64_t> LibraryWriter::State::insert_chunk(std::int64_t document, int ordinal,
                                                        const Chunk& chunk) {
  SASEO_ASSIGN_OR_RETURN(Statement insert,
                         database.prepare("INSERT INTO chunks(document_id, ordinal, section, "
                                          "segments, heading_path, text, first_page, "
                                          "last_page, tokens, hash) VALUES(?,?,?,?,?,?,?,?,?,?)"));
  insert.bind(1, document)
      .bind(2, std::int64_t{ordinal})
      .bind(3, std::int64_t{chunk.section})
      .bind_blob(4, segments_to_blob(chunk.segments))
      .bind(5, heading_path_to_json(chunk.heading_path))
      .bind(6, chunk.text)
      .bind(7, std::int64_t{chunk.first_page})
      .bind(8, std::int64_t{chunk.last_page})
      .bind(9, static_cast<std::int64_t>(chunk.tokens))
      .bind(10, chunk.hash);
  SASEO_RETURN_IF_ERROR(insert.run());
  return database.last_insert_id();
}

Status LibraryWriter::State::put_terms(std::int64_t chunk, const PassageText& text) {
  const Terms body = analyzer.analyze(text.body);
  const Terms heading = analyzer.analyze(text.heading);
  SASEO_ASSIGN_OR_RETURN(
      Statement terms,
      database.prepare("INSERT OR REPLACE INTO chunk_terms(chunk_id, bigrams, stems, "
                       "heading_bigrams, heading_stems) VALUES(?,?,?,?,?)"));
  terms.bind(1, chunk)
      .bind(2, join_terms(body.bigrams))
      .bind(3, join_terms(body.stems))
      .bind(4, join_terms(heading.bigrams))
      .bind(5, join_terms(heading.stems));
  return terms.run();
}

Status LibraryWriter::State::index_document(std::int64_t document) {
  SASEO_ASSIGN_OR_RETURN(const std::string title, indexed_title(database, document));
  SASEO_ASSIGN_OR_RETURN(
      Statement rows,
      database.prepare(
          "SELECT id, heading_path, text FROM chunks WHERE document_id = ? ORDER BY id"));
  rows.bind(1, document);
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return {};
    const std::string heading = indexed_heading(title, heading_path_from_json(rows.text(1)));
    SASEO_RETURN_IF_ERROR(put_terms(rows.integer(0), {heading, rows.text(2)}));
  }
}

Status LibraryWriter::State::index_everything() {
  SASEO_RETURN_IF_ERROR(
      database.execute("DELETE FROM chunk_terms; DELETE FROM word_lemmas; "
                       "UPDATE embedders SET fitted_chunks = 0 WHERE name = '" +
                       std::string(kLsaName) + "'"));
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> documents, reader.documents());
  for (const StoredDocument& document : documents) {
    SASEO_RETURN_IF_ERROR(index_document(static_cast<std::int64_t>(document.id)));
  }
  SASEO_RETURN_IF_ERROR(store_lemmas(database, analyzer));
  SASEO_ASSIGN_OR_RETURN(Statement version,
                         database.prepare("INSERT OR REPLACE INTO meta(key, value) "
                                          "VALUES('analyzer_version', ?)"));
  SASEO_RETURN_IF_ERROR(version.bind(1, std::int64_t{kAnalyzerVersion}).run());
  return bump_generation(database);
}

Status LibraryWriter::State::reindex_after_other_analysis() {
  SASEO_ASSIGN_OR_RETURN(const std::int64_t version,
                         database.integer("SELECT value FROM meta WHERE key = 'analyzer_version'"));
  if (version == kAnalyzerVersion) return {};
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  SASEO_RETURN_IF_ERROR(index_everything());
  SASEO_ASSIGN_OR_RETURN(const std::int64_t chunks,
                         database.integer("SELECT EXISTS(SELECT 1 FROM chunks)"));
  reindexed = chunks != 0;
  return transaction.commit();
}

Status LibraryWriter::remove_document(DocumentId id) {
  const std::string number = std::to_string(static_cast<std::int64_t>(id));
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(state_->database));
  SASEO_RETURN_IF_ERROR(state_->database.execute("DELETE FROM documents WHERE id = " + number));
  if (sqlite3_changes(state_->database.handle()) == 0) {
    return make_error(ErrorCode::kNotFound, "no document {} in the library",
                      "라이브러리에 문서 {}이(가) 없습니다", number)
        .advise(AdviceKind::kListDocuments);
  }
  SASEO_RETURN_IF_ERROR(count_vector_change_of_all(state_->database));
  SASEO_RETURN_IF_ERROR(bump_generation(state_->database));
  return transaction.commit();
}

Status LibraryWriter::set_info(DocumentId id, InfoField field, std::string_view value) {
  std::string_view column = "title";
  switch (field) {
    case InfoField::kTitle:
      break;
    case InfoField::kProduct:
      column = "product";
      break;
    case InfoField::kModelNumber:
      column = "model_number";
      break;
    case InfoField::kEdition:
      column = "edition";
      break;
    case InfoField::kLanguage:
      column = "language";
      break;
  }
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(state_->database));
  SASEO_ASSIGN_OR_RETURN(Statement update,
                         state_->database.prepare("UPDATE documents SET " + std::string(column) +
                                                  " = ?, corrected = corrected | ? WHERE id = ?"));
  update.bind(1, value)
      .bind(2, static_cast<std::int64_t>(field))
      .bind(3, static_cast<std::int64_t>(id));
  SASEO_RETURN_IF_ERROR(update.run());
  if (sqlite3_changes(state_->database.handle()) == 0) {
    return make_error(ErrorCode::kNotFound, "no document {} in the library",
                      "라이브러리에 문서 {}이(가) 없습니다", static_cast<std::int64_t>(id))
        .advise(AdviceKind::kListDocuments);
  }
  if (field == InfoField::kTitle) {
    // The title is indexed and embedded with every chunk.
    SASEO_RETURN_IF_ERROR(state_->index_document(static_cast<std::int64_t>(id)));
    SASEO_RETURN_IF_ERROR(state_->database.execute(
        "DELETE FROM vectors WHERE chunk_id IN (SELECT id FROM chunks WHERE document_id = " +
        std::to_string(static_cast<std::int64_t>(id)) + ")"));
    SASEO_RETURN_IF_ERROR(count_vector_change_of_all(state_->database));
  }
  SASEO_RETURN_IF_ERROR(bump_generation(state_->database));
  return transaction.commit();
}

Status LibraryWriter::rebuild_terms() {
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(state_->database));
  SASEO_RETURN_IF_ERROR(state_->index_everything());
  return transaction.commit();
}

Result<std::size_t> LibraryWriter::update_embeddings() {
  const Database& database = state_->database;
  SASEO_ASSIGN_OR_RETURN(const std::optional<StoredEmbedder> stored,
                         stored_embedder(database, kLsaName));
  SASEO_ASSIGN_OR_RETURN(const std::int64_t chunks,
                         database.integer("SELECT count(*) FROM chunks"));
  const double fitted = stored ? static_cast<double>(stored->fitted_chunks) : 0;
  const double now = static_cast<double>(chunks);
  if (!stored || now > fitted * kGrowthBeforeRefit || now < fitted * kShrinkBeforeRefit)
    return refit_embeddings();
  LsaEmbedder lsa(database, state_->analyzer, *stored);
  return embed_missing(database, lsa, *stored);
}

Result<std::size_t> LibraryWriter::refit_embeddings() { return refit_lsa(state_->database); }

Result<std::size_t> LibraryWriter::update_embeddings(Embedder& embedder,
                                                     const EmbedOptions& options) {
  const Database& database = state_->database;
  SASEO_ASSIGN_OR_RETURN(std::optional<StoredEmbedder> stored,
                         stored_embedder(database, embedder.name()));
  if (!stored) return rebuild_embeddings(embedder, options);
  SASEO_RETURN_IF_ERROR(check_embedder_name(embedder.name()));
  if (stored->dims != embedder.dims()) {
    return make_error(
        ErrorCode::kInvalidArgument,
        "the embedder {} gives {} dimensions, its vectors in the library have {}: "
        "another embedder needs another name, or its vectors must be made anew",
        "임베더 {}은(는) {}차원인데 라이브러리의 벡터는 {}차원입니다. 다른 임베더라면 "
        "이름이 달라야 하고, 아니면 벡터를 다시 만들어야 합니다",
        embedder.name(), embedder.dims(), stored->dims);
  }
  return embed_missing(database, embedder, *stored, options);
}

Result<std::size_t> LibraryWriter::rebuild_embeddings(Embedder& embedder,
                                                      const EmbedOptions& options) {
  const Database& database = state_->database;
  SASEO_RETURN_IF_ERROR(check_embedder_name(embedder.name()));
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  SASEO_ASSIGN_OR_RETURN(const StoredEmbedder stored,
                         begin_fit(database, embedder.name(), {.dims = embedder.dims()}));
  SASEO_RETURN_IF_ERROR(transaction.commit());
  return embed_missing(database, embedder, stored, options);
}

Status LibraryWriter::use_embedder(std::string_view name) {
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(state_->database));
  SASEO_RETURN_IF_ERROR(saseo::use_embedder(state_->database, name));
  return transaction.commit();
}

Status LibraryWriter::write_caches() {
  return save_caches(state_->database, state_->reader.folder());
}

}  // namespace saseo
