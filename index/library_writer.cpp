#include "index/library_writer.h"

#include <algorithm>
#include <ctime>
#include <set>
#include <system_error>
#include <thread>
#include <unordered_map>

#include "base/files.h"
#include "base/message.h"
#include "base/utf8.h"
#include "index/analyzer.h"
#include "index/caches.h"
#include "index/lemma_store.h"
#include "index/lsa.h"
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

// What of a chunk is indexed: its body, and as heading the document's title and the heading path.
struct IndexedText {
  std::string heading;
  std::string_view body;
};

IndexedText indexed_text(std::string_view title, std::span<const std::string> heading_path,
                         std::string_view body) {
  std::string heading(title);
  const std::string path = join_heading_path(heading_path);
  if (!heading.empty() && !path.empty()) heading += " > ";
  return {heading + path, body};
}

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

  Result<std::int64_t> put_document_row(const DocumentSource& source, const Document& document);
  Status put_pages(std::int64_t id, const Document& document);
  Status put_blocks(std::int64_t id, const Document& document);
  Status put_warnings(std::int64_t id, const Document& document);
  Result<std::size_t> put_chunks(std::int64_t document, std::span<const Chunk> chunks,
                                 bool keep_unchanged);
  Result<std::int64_t> insert_chunk(std::int64_t document, int ordinal, const Chunk& chunk);
  // Writes the terms and, when there is an embedder, the vector of a chunk.
  Status index_chunk(std::int64_t id, const IndexedText& text,
                     const std::optional<StoredEmbedder>& embedder);
  // Writes terms and vectors of a whole document anew.
  Status index_document(std::int64_t document);
  Result<std::string> indexed_title(std::int64_t document);
  Status put_vector(std::int64_t chunk, std::int64_t embedder, std::span<const float> vector);
  Result<std::size_t> embed_missing(const StoredEmbedder& embedder);
};

LibraryWriter::LibraryWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
LibraryWriter::LibraryWriter(LibraryWriter&&) noexcept = default;
LibraryWriter& LibraryWriter::operator=(LibraryWriter&&) noexcept = default;
LibraryWriter::~LibraryWriter() = default;
const Library& LibraryWriter::library() const { return state_->reader; }

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
      State{std::move(lock), std::move(database), std::move(reader), Analyzer(), {}});
  state->analyzer.set_lemma_lookup(stored_lemmas(state->database));
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
    SASEO_ASSIGN_OR_RETURN(old_title, state_->indexed_title(find.integer(0)));
  }
  find.reset();
  SASEO_ASSIGN_OR_RETURN(const std::int64_t id, state_->put_document_row(source, document));
  SASEO_RETURN_IF_ERROR(state_->put_pages(id, document));
  SASEO_RETURN_IF_ERROR(state_->put_blocks(id, document));
  SASEO_RETURN_IF_ERROR(state_->put_warnings(id, document));
  SASEO_ASSIGN_OR_RETURN(const std::string title, state_->indexed_title(id));
  // The title is indexed with every chunk: another title makes every chunk another one.
  SASEO_ASSIGN_OR_RETURN(const std::size_t kept,
                         state_->put_chunks(id, chunks, known && title == old_title));
  SASEO_RETURN_IF_ERROR(store_lemmas(state_->database, state_->analyzer));
  SASEO_RETURN_IF_ERROR(bump_generation(state_->database));
  SASEO_RETURN_IF_ERROR(transaction.commit());
  return PutReport{DocumentId{id}, chunks.size(), kept};
}

// A title that only repeats the file's name says nothing that people ask for.
Result<std::string> LibraryWriter::State::indexed_title(std::int64_t document) {
  SASEO_ASSIGN_OR_RETURN(Statement rows,
                         database.prepare("SELECT title, path FROM documents WHERE id = ?"));
  rows.bind(1, document);
  SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) return std::string();
  const std::string title(rows.text(0));
  const std::filesystem::path path(std::string(rows.text(1)));
  return title == path.stem().string() || title == path.filename().string() ? std::string() : title;
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
      database.prepare("INSERT INTO warnings(document_id, page, code, message) VALUES(?,?,?,?)"));
  for (const ReadWarning& warning : document.warnings) {
    insert.bind(1, id)
        .bind(2, std::int64_t{warning.page})
        .bind(3, warning.code)
        .bind(4, warning.message);
    SASEO_RETURN_IF_ERROR(insert.run());
  }
  return {};
}

// Chunks whose hash was there keep their row, terms and vector; only their place is updated.
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
  SASEO_ASSIGN_OR_RETURN(const std::optional<StoredEmbedder> embedder,
                         stored_embedder(database, kLsaName));
  SASEO_ASSIGN_OR_RETURN(const std::string title, indexed_title(id));
  std::size_t kept = 0;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const auto [first, last] = old.equal_range(chunks[i].hash);
    const auto match = keep_unchanged
                           ? std::find_if(first, last, [](const auto& e) { return !e.second.used; })
                           : last;
    if (match == last) {
      SASEO_ASSIGN_OR_RETURN(const std::int64_t chunk,
                             insert_chunk(id, static_cast<int>(i), chunks[i]));
      SASEO_RETURN_IF_ERROR(index_chunk(
          chunk, indexed_text(title, chunks[i].heading_path, chunks[i].text), embedder));
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
    if (chunk.used) continue;
    SASEO_RETURN_IF_ERROR(
        database.execute("DELETE FROM chunk_terms WHERE rowid = " + std::to_string(chunk.id)));
    SASEO_RETURN_IF_ERROR(
        database.execute("DELETE FROM chunks WHERE id = " + std::to_string(chunk.id)));
  }
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

Status LibraryWriter::State::index_chunk(std::int64_t id, const IndexedText& text,
                                         const std::optional<StoredEmbedder>& embedder) {
  const Terms body = analyzer.analyze(text.body);
  const Terms heading = analyzer.analyze(text.heading);
  SASEO_ASSIGN_OR_RETURN(Statement terms,
                         database.prepare("INSERT INTO chunk_terms(rowid, bigrams, stems, "
                                          "heading_bigrams, heading_stems) VALUES(?,?,?,?,?)"));
  terms.bind(1, id)
      .bind(2, join_terms(body.bigrams))
      .bind(3, join_terms(body.stems))
      .bind(4, join_terms(heading.bigrams))
      .bind(5, join_terms(heading.stems));
  SASEO_RETURN_IF_ERROR(terms.run());
  if (!embedder) return {};
  LsaEmbedder lsa(database, analyzer, *embedder);
  SASEO_ASSIGN_OR_RETURN(const std::vector<float> vector, lsa.embed_terms(body, heading));
  return put_vector(id, embedder->id, vector);
}

Status LibraryWriter::State::index_document(std::int64_t document) {
  const std::string number = std::to_string(document);
  SASEO_RETURN_IF_ERROR(database.execute(
      "DELETE FROM chunk_terms WHERE rowid IN (SELECT id FROM chunks WHERE document_id = " +
      number + ")"));
  SASEO_ASSIGN_OR_RETURN(const std::string title, indexed_title(document));
  SASEO_ASSIGN_OR_RETURN(const std::optional<StoredEmbedder> embedder,
                         stored_embedder(database, kLsaName));
  SASEO_ASSIGN_OR_RETURN(
      Statement rows,
      database.prepare(
          "SELECT id, heading_path, text FROM chunks WHERE document_id = ? ORDER BY id"));
  rows.bind(1, document);
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return {};
    const std::vector<std::string> heading_path = heading_path_from_json(rows.text(1));
    SASEO_RETURN_IF_ERROR(
        index_chunk(rows.integer(0), indexed_text(title, heading_path, rows.text(2)), embedder));
  }
}

Status LibraryWriter::State::put_vector(std::int64_t chunk, std::int64_t embedder,
                                        std::span<const float> vector) {
  SASEO_ASSIGN_OR_RETURN(
      Statement insert,
      database.prepare(
          "INSERT OR REPLACE INTO vectors(chunk_id, embedder_id, vector) VALUES(?,?,?)"));
  return insert.bind(1, chunk).bind(2, embedder).bind_blob(3, as_blob(vector)).run();
}

Status LibraryWriter::remove_document(DocumentId id) {
  const std::string number = std::to_string(static_cast<std::int64_t>(id));
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(state_->database));
  SASEO_RETURN_IF_ERROR(state_->database.execute(
      "DELETE FROM chunk_terms WHERE rowid IN (SELECT id FROM chunks WHERE document_id = " +
      number + ")"));
  SASEO_RETURN_IF_ERROR(state_->database.execute("DELETE FROM documents WHERE id = " + number));
  if (sqlite3_changes(state_->database.handle()) == 0) {
    return make_error(ErrorCode::kNotFound,
                      "no document {} in the library; see `saseo library list`",
                      "라이브러리에 문서 {}이(가) 없습니다. `saseo library list`를 보세요", number);
  }
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
    return make_error(ErrorCode::kNotFound,
                      "no document {} in the library; see `saseo library list`",
                      "라이브러리에 문서 {}이(가) 없습니다. `saseo library list`를 보세요",
                      static_cast<std::int64_t>(id));
  }
  if (field == InfoField::kTitle) {
    SASEO_RETURN_IF_ERROR(state_->index_document(static_cast<std::int64_t>(id)));
  }
  SASEO_RETURN_IF_ERROR(bump_generation(state_->database));
  return transaction.commit();
}

Status LibraryWriter::rebuild_terms() {
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(state_->database));
  SASEO_RETURN_IF_ERROR(state_->database.execute("DELETE FROM chunk_terms"));
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> documents, state_->reader.documents());
  for (const StoredDocument& document : documents) {
    SASEO_RETURN_IF_ERROR(state_->index_document(static_cast<std::int64_t>(document.id)));
  }
  SASEO_RETURN_IF_ERROR(bump_generation(state_->database));
  return transaction.commit();
}

Result<std::size_t> LibraryWriter::update_embeddings() {
  SASEO_ASSIGN_OR_RETURN(const std::optional<StoredEmbedder> embedder,
                         stored_embedder(state_->database, kLsaName));
  SASEO_ASSIGN_OR_RETURN(const std::int64_t chunks,
                         state_->database.integer("SELECT count(*) FROM chunks"));
  const double fitted = embedder ? static_cast<double>(embedder->fitted_chunks) : 0;
  const double now = static_cast<double>(chunks);
  if (!embedder || now > fitted * kGrowthBeforeRefit || now < fitted * kShrinkBeforeRefit)
    return refit_embeddings();
  return state_->embed_missing(*embedder);
}

Result<std::size_t> LibraryWriter::State::embed_missing(const StoredEmbedder& embedder) {
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  SASEO_ASSIGN_OR_RETURN(
      Statement rows,
      database.prepare(
          "SELECT id, text, heading_path, document_id FROM chunks WHERE NOT EXISTS "
          "(SELECT 1 FROM vectors WHERE chunk_id = chunks.id AND embedder_id = ?) ORDER BY id"));
  rows.bind(1, embedder.id);
  LsaEmbedder lsa(database, analyzer, embedder);
  std::size_t written = 0;
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) break;
    SASEO_ASSIGN_OR_RETURN(const std::string title, indexed_title(rows.integer(3)));
    const IndexedText text =
        indexed_text(title, heading_path_from_json(rows.text(2)), rows.text(1));
    SASEO_ASSIGN_OR_RETURN(
        const std::vector<float> vector,
        lsa.embed_terms(analyzer.analyze(text.body), analyzer.analyze(text.heading)));
    SASEO_RETURN_IF_ERROR(put_vector(rows.integer(0), embedder.id, vector));
    ++written;
  }
  if (written == 0) return written;
  SASEO_RETURN_IF_ERROR(bump_generation(database));
  SASEO_RETURN_IF_ERROR(transaction.commit());
  return written;
}

Result<std::size_t> LibraryWriter::refit_embeddings() {
  const Database& database = state_->database;
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  SASEO_ASSIGN_OR_RETURN(const Postings postings, Postings::build(database, 0));
  const LsaFit fit = fit_lsa(postings);
  SASEO_RETURN_IF_ERROR(database.execute("DELETE FROM vectors"));
  if (fit.model.dims == 0) {  // Too little text for a fit: lexical search alone serves.
    SASEO_RETURN_IF_ERROR(database.execute("DELETE FROM embedders"));
  } else {
    SASEO_ASSIGN_OR_RETURN(const StoredEmbedder embedder,
                           store_lsa(database, fit.model, postings.chunks().size()));
    const std::span<const float> vectors = fit.chunk_vectors;
    for (std::size_t c = 0; c < postings.chunks().size(); ++c) {
      SASEO_RETURN_IF_ERROR(state_->put_vector(postings.chunks()[c].chunk, embedder.id,
                                               vectors.subspan(c * embedder.dims, embedder.dims)));
    }
  }
  SASEO_RETURN_IF_ERROR(bump_generation(database));
  SASEO_RETURN_IF_ERROR(transaction.commit());
  return fit.model.dims == 0 ? 0 : postings.chunks().size();
}

Status LibraryWriter::write_caches() {
  return save_snapshot(state_->database, state_->reader.folder());
}

}  // namespace saseo
