#include "bench/work_folder.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/files.h"
#include "index/library_writer.h"

namespace saseo::bench {

namespace fs = std::filesystem;

Result<WorkFolder> WorkFolder::make() {
  std::string name = (fs::temp_directory_path() / "saseo-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) return io_error(name, errno);
  return WorkFolder(fs::path(name));
}

WorkFolder::WorkFolder(WorkFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

WorkFolder& WorkFolder::operator=(WorkFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

Result<IngestReport> WorkFolder::ingest(const std::vector<fs::path>& files,
                                        const IngestOptions& options) const {
  SASEO_ASSIGN_OR_RETURN(LibraryWriter writer, LibraryWriter::open(library()));
  std::vector<fs::path> absolute;
  for (const fs::path& file : files) absolute.push_back(fs::absolute(file));
  SASEO_ASSIGN_OR_RETURN(const std::vector<fs::path> found, find_files(absolute, {}, {}));
  std::optional<Error> failure;
  IngestObserver observer;
  observer.on_file = [&](const FileReport& report) {
    if (report.outcome == FileOutcome::kFailed && !failure) failure = report.error;
  };
  SASEO_ASSIGN_OR_RETURN(IngestReport report, ingest_files(writer, found, options, observer, {}));
  if (failure && report.added == 0) return *failure;
  return report;
}

}  // namespace saseo::bench
