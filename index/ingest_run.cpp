#include "index/ingest_run.h"

#include <fnmatch.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <unordered_map>

#include "base/files.h"
#include "base/hash.h"
#include "base/message.h"

namespace saseo {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

bool matches_any(const std::vector<std::string>& patterns, const std::filesystem::path& relative) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), relative.c_str(), 0) == 0 ||
           ::fnmatch(pattern.c_str(), relative.filename().c_str(), 0) == 0;
  });
}

bool is_hidden(const std::filesystem::path& path) {
  return path.filename().string().starts_with('.');
}

// What a document's chunks depend on beside the file's bytes. The number grows when reading or
// chunking changes, so that a new program reads old files again.
constexpr int kReadingVersion = 2;
constexpr std::size_t kLargestChunk = 10'000;  // In tokens: of larger ones the size is not told.

std::string settings_hash_of_size(std::size_t chunk_tokens) {
  return content_hash(std::to_string(kReadingVersion) + "|" + std::to_string(chunk_tokens));
}

// One file of a run.
class FileIngest {
 public:
  FileIngest(LibraryWriter& writer, const IngestOptions& options)
      : writer_(writer), options_(options) {}

  Result<FileReport> run(const std::filesystem::path& path, const StoredDocument* before,
                         const ReadOptions& read_options);

 private:
  Status apply_given_info(DocumentId id, FileReport& report);

  LibraryWriter& writer_;
  const IngestOptions& options_;
};

// Errors of the library end the run; errors of the file are its report (FileIngest::run). With the
// disk that holds the library failing, the other files would only be read in vain.
bool is_library_error(const Error& error) {
  return error.code == ErrorCode::kDiskFull || error.code == ErrorCode::kIo ||
         error.code == ErrorCode::kDamaged || error.code == ErrorCode::kLocked ||
         error.code == ErrorCode::kTooNew;
}

Result<FileReport> FileIngest::run(const std::filesystem::path& path, const StoredDocument* before,
                                   const ReadOptions& read_options) {
  FileReport report;
  report.path = path;
  const auto failed = [&](FileOutcome outcome, Error error) {
    report.outcome = outcome;
    report.error = std::move(error);
    return report;
  };
  Result<std::string> hash = content_hash_of_file(path);
  if (!hash.ok()) return failed(FileOutcome::kFailed, std::move(hash).error());
  const std::string settings = settings_hash_of(options_);
  if (before != nullptr && !options_.again && before->content_hash == *hash &&
      before->settings_hash == settings) {
    report.outcome = FileOutcome::kUnchanged;
    report.document = before->id;
    report.info = before->info;
    report.kind = before->kind;
    report.pages = static_cast<std::size_t>(before->page_count);
    report.chunks = report.kept_chunks = before->chunk_count;
    report.warnings = before->warnings;
    SASEO_RETURN_IF_ERROR(apply_given_info(before->id, report));
    return report;
  }
  Result<Document> document = read_document(path, read_options);
  if (!document.ok()) {
    const bool skip = document.error().code == ErrorCode::kUnsupported;
    return failed(skip ? FileOutcome::kSkipped : FileOutcome::kFailed, std::move(document).error());
  }
  infer_document_info(*document, path);
  const std::vector<Chunk> chunks = make_chunks(*document, options_.chunk);
  std::error_code ignored;
  const DocumentSource source = {path, *hash, settings, std::filesystem::file_size(path, ignored)};
  Result<PutReport> put = writer_.put_document(source, *document, chunks);
  if (!put.ok()) return std::move(put).error();
  report.outcome = before == nullptr ? FileOutcome::kAdded : FileOutcome::kUpdated;
  report.document = put->id;
  report.info = document->info;
  report.kind = document->kind;
  report.pages = document->pages.size();
  report.chunks = put->chunks;
  report.kept_chunks = put->kept_chunks;
  report.warnings = document->warnings;
  SASEO_RETURN_IF_ERROR(apply_given_info(put->id, report));
  return report;
}

Status FileIngest::apply_given_info(DocumentId id, FileReport& report) {
  if (!options_.product.empty() && report.info.product != options_.product) {
    report.info.product = options_.product;
    SASEO_RETURN_IF_ERROR(writer_.set_info(id, InfoField::kProduct, options_.product));
  }
  if (options_.language != Language::kUnknown && report.info.language != options_.language) {
    report.info.language = options_.language;
    SASEO_RETURN_IF_ERROR(
        writer_.set_info(id, InfoField::kLanguage, language_code(options_.language)));
  }
  return {};
}

void add_to(IngestReport& total, const FileReport& file) {
  switch (file.outcome) {
    case FileOutcome::kAdded:
      ++total.added;
      break;
    case FileOutcome::kUpdated:
      ++total.updated;
      break;
    case FileOutcome::kUnchanged:
      ++total.unchanged;
      break;
    case FileOutcome::kSkipped:
      ++total.skipped;
      break;
    case FileOutcome::kFailed:
      ++total.failed;
      break;
  }
  total.pages += file.pages;
  total.chunks += file.chunks;
  total.warnings += file.warnings.size();
}

}  // namespace

std::string settings_hash_of(const IngestOptions& options) {
  return settings_hash_of_size(options.chunk.max_tokens);
}

// A hash does not tell what was hashed; the sizes are few enough to try.
std::optional<std::size_t> chunk_tokens_of(const StoredDocument& document) {
  for (std::size_t size = 1; size <= kLargestChunk; ++size) {
    if (settings_hash_of_size(size) == document.settings_hash) return size;
  }
  return std::nullopt;
}

std::string_view name_of(FileOutcome outcome) {
  switch (outcome) {
    case FileOutcome::kAdded:
      return "added";
    case FileOutcome::kUpdated:
      return "updated";
    case FileOutcome::kUnchanged:
      return "unchanged";
    case FileOutcome::kSkipped:
      return "skipped";
    case FileOutcome::kFailed:
      return "failed";
  }
  return "failed";
}

Result<std::vector<std::filesystem::path>> find_files(
    const std::vector<std::filesystem::path>& paths, const std::vector<std::string>& include,
    const std::vector<std::string>& exclude) {
  std::set<std::filesystem::path> found;
  for (const std::filesystem::path& path : paths) {
    std::error_code failure;
    const std::filesystem::path absolute =
        std::filesystem::absolute(path, failure).lexically_normal();
    const std::filesystem::file_status status = std::filesystem::status(absolute, failure);
    if (!std::filesystem::exists(status)) return io_error(path, failure ? failure.value() : ENOENT);
    if (!std::filesystem::is_directory(status)) {
      found.insert(absolute);
      continue;
    }
    const std::size_t before = found.size();
    auto entry = std::filesystem::recursive_directory_iterator(
        absolute, std::filesystem::directory_options::skip_permission_denied, failure);
    if (failure) return io_error(path, failure.value());
    for (; entry != std::filesystem::recursive_directory_iterator(); entry.increment(failure)) {
      if (is_hidden(entry->path())) {
        if (entry->is_directory(failure)) entry.disable_recursion_pending();
        continue;
      }
      if (!entry->is_regular_file(failure)) continue;
      const std::filesystem::path relative = entry->path().lexically_relative(absolute);
      if (!include.empty() && !matches_any(include, relative)) continue;
      if (matches_any(exclude, relative)) continue;
      found.insert(entry->path());
    }
    if (found.size() == before) {
      return make_error(ErrorCode::kNotFound, "{}: the folder holds no file to read",
                        "{}: 읽을 파일이 없는 폴더입니다", path.string())
          .advise(AdviceKind::kChooseOtherFiles);
    }
  }
  return std::vector<std::filesystem::path>(found.begin(), found.end());
}

Result<IngestReport> ingest_files(LibraryWriter& writer,
                                  const std::vector<std::filesystem::path>& files,
                                  const IngestOptions& options, const IngestObserver& observer,
                                  std::stop_token stop) {
  const Clock::time_point start = Clock::now();
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> known, writer.library().documents());
  std::unordered_map<std::string, const StoredDocument*> by_path;
  for (const StoredDocument& document : known) by_path.emplace(document.path.string(), &document);

  IngestReport total;
  FileIngest ingest(writer, options);
  for (std::size_t i = 0; i < files.size() && !stop.stop_requested(); ++i) {
    ReadOptions read = options.read;
    read.stop = stop;
    read.on_page = [&](int done, int pages) {
      if (observer.on_progress) {
        observer.on_progress(
            {i + 1, files.size(), files[i], done, pages, total.pages, seconds_since(start)});
      }
    };
    read.on_korean = [&] { writer.expect_korean(); };
    read.on_page(0, 0);
    const Clock::time_point file_start = Clock::now();
    const auto before = by_path.find(files[i].string());
    Result<FileReport> report =
        ingest.run(files[i], before == by_path.end() ? nullptr : before->second, read);
    if (!report.ok()) {
      if (is_library_error(report.error())) return std::move(report).error();
      FileReport failed;
      failed.path = files[i];
      failed.outcome = FileOutcome::kFailed;
      failed.error = std::move(report).error();
      report = std::move(failed);
    }
    if (report->outcome == FileOutcome::kFailed && report->error.code == ErrorCode::kCancelled)
      break;
    report->seconds = seconds_since(file_start);
    add_to(total, *report);
    if (observer.on_file) observer.on_file(*report);
  }
  total.cancelled = stop.stop_requested();
  if (total.cancelled) {
    total.seconds = seconds_since(start);
    return total;  // Vectors of new chunks follow with the next run.
  }
  if (observer.on_embedding) observer.on_embedding();
  SASEO_ASSIGN_OR_RETURN(total.embedded, writer.update_embeddings());
  SASEO_RETURN_IF_ERROR(writer.write_caches());
  total.seconds = seconds_since(start);
  return total;
}

}  // namespace saseo
