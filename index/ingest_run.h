// One `saseo ingest`: files and folders -> documents in the library. An unchanged file costs a
// hash; a failed one does not stop the others.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "index/ids.h"
#include "index/library_writer.h"
#include "ingest/chunker.h"
#include "ingest/reader.h"

namespace saseo {

struct IngestOptions {
  ReadOptions read;
  ChunkOptions chunk;
  std::string product;                     // Given by the user for all files; empty: as found.
  Language language = Language::kUnknown;  // Likewise.
  std::vector<std::string> include;  // Shell patterns on the path below the folder, or the file's
  std::vector<std::string> exclude;  // name; empty include: everything.
  bool again = false;                // Read unchanged files too.
};

enum class FileOutcome { kAdded, kUpdated, kUnchanged, kSkipped, kFailed };
std::string_view name_of(FileOutcome outcome);  // "added", "updated", ...

struct FileReport {
  std::filesystem::path path;
  FileOutcome outcome = FileOutcome::kSkipped;
  Error error;            // For kFailed and kSkipped: why.
  DocumentId document{};  // For added, updated, unchanged.
  DocumentInfo info;
  DocumentKind kind = DocumentKind::kText;
  std::size_t pages = 0;
  std::size_t chunks = 0, kept_chunks = 0;  // kept: unchanged text, vector reused.
  double seconds = 0;
  std::vector<ReadWarning> warnings;
};

struct IngestReport {
  std::size_t added = 0, updated = 0, unchanged = 0, skipped = 0, failed = 0;
  std::size_t pages = 0, chunks = 0, warnings = 0, embedded = 0;
  double seconds = 0;
  bool cancelled = false;
};

struct IngestProgress {
  std::size_t file = 0, files = 0;  // 1-based position of the file being read.
  std::filesystem::path path;
  int pages_done = 0, pages = 0;  // Of this file; pages is 0 while unknown.
  std::size_t pages_before = 0;   // Pages of the files that are done.
  double seconds = 0;             // Since the run began.
};

struct IngestObserver {
  std::function<void(const IngestProgress&)> on_progress;
  std::function<void(const FileReport&)> on_file;
  std::function<void()> on_embedding;  // Reading is over; vectors and caches follow.
};

// The files named, folders searched recursively, in order of path, each once. Hidden files and
// folders are passed over. Fails when a named path does not exist or nothing is found.
Result<std::vector<std::filesystem::path>> find_files(
    const std::vector<std::filesystem::path>& paths, const std::vector<std::string>& include,
    const std::vector<std::string>& exclude);

// What StoredDocument::settings_hash is after reading with these options.
std::string settings_hash_of(const IngestOptions& options);
// The chunk size (ChunkOptions::max_tokens) that the document was cut with; nullopt when it was
// read by another version of this program.
std::optional<std::size_t> chunk_tokens_of(const StoredDocument& document);

// Fails only when the library itself does (locked, damaged, disk full); what was committed stays.
Result<IngestReport> ingest_files(LibraryWriter& writer,
                                  const std::vector<std::filesystem::path>& files,
                                  const IngestOptions& options, const IngestObserver& observer,
                                  std::stop_token stop);

}  // namespace saseo
