// The library on disk: a folder with library.db (SQLite, the only truth) and vectors/ (caches).
// This is the reading side; library_writer.h writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/ids.h"
#include "ingest/chunk.h"
#include "ingest/document.h"

namespace saseo {

class Database;

struct StoredDocument {
  DocumentId id{};
  std::filesystem::path path;  // Absolute, as ingested.
  DocumentKind kind = DocumentKind::kText;
  DocumentInfo info;
  int page_count = 0;  // 0 for kinds without pages.
  std::size_t chunk_count = 0;
  std::size_t characters = 0;  // Code points of text.
  std::string content_hash;
  std::string settings_hash;  // What the reading depended on beside the bytes.
  std::uint64_t file_size = 0;
  std::int64_t ingested_at = 0;  // Unix seconds.
  std::vector<ReadWarning> warnings;
};

struct StoredChunk {
  ChunkId id{};
  DocumentId document{};
  int ordinal = 0;  // 0, 1, ... in reading order of the document.
  Chunk chunk;
};

struct EmbedderStats {
  std::string name;
  std::size_t dims = 0;
  std::size_t vectors = 0;  // Fewer than chunks while some wait for theirs.
};

struct LibraryStats {
  std::size_t documents = 0, pages = 0, chunks = 0, characters = 0;
  std::uint64_t database_bytes = 0, cache_bytes = 0;
  std::int64_t generation = 0;
  // Of the embedder whose vectors a query uses; empty and 0 before it has any.
  std::string embedder;
  std::size_t dims = 0, vectors = 0;
  std::vector<EmbedderStats> embedders;  // All, in the order in which they came.
};

// Reads one library. Thread-compatible: one object per thread. Reading goes on while another
// process writes; each call sees what was committed when it ran.
class Library {
 public:
  // Fails with kNotFound when there is no library, kTooNew, kDamaged or kIo.
  static Result<Library> open(const std::filesystem::path& folder);
  Library(Library&&) noexcept;
  Library& operator=(Library&&) noexcept;
  ~Library();

  const std::filesystem::path& folder() const;
  // Counts committed changes of documents, chunks and terms; the postings and long-lived readers
  // compare it. Vectors have generations of their own (embedder_store.h).
  Result<std::int64_t> generation() const;

  Result<std::vector<StoredDocument>> documents() const;  // In order of id.
  Result<StoredDocument> document(DocumentId id) const;   // kNotFound when there is none.
  // By id ("3"), path, file name, title, or product; kNotFound or, when several fit,
  // kInvalidArgument naming them.
  Result<DocumentId> find_document(std::string_view name) const;
  Result<std::string> document_text(DocumentId id) const;

  Result<StoredChunk> chunk(ChunkId id) const;
  // In reading order. first, last: ordinals, both included.
  Result<std::vector<StoredChunk>> chunks_between(DocumentId document, int first, int last) const;
  Result<std::vector<StoredChunk>> section_of(DocumentId document, int section) const;

  struct StoredBlock {
    int ordinal = 0;
    Block block;
    std::string text;
  };
  // The blocks that overlap the span, in order.
  Result<std::vector<StoredBlock>> blocks_in(DocumentId document, const ByteSpan& span) const;

  Result<Page> page(DocumentId document, int number) const;
  // Where a stretch of the document's text stands: one box a line, in order.
  Result<std::vector<Box>> boxes_of(DocumentId document, const ByteSpan& span) const;

  Result<LibraryStats> stats() const;

  // For index/ only.
  const Database& database() const;

 private:
  struct State;
  explicit Library(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The library folder's files.
std::filesystem::path database_file(const std::filesystem::path& folder);
std::filesystem::path cache_folder(const std::filesystem::path& folder);

}  // namespace saseo
