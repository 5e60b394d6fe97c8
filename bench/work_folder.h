// A new temporary folder with a library made of files, both removed with the object.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "index/ingest_run.h"

namespace saseo::bench {

// Thread-compatible.
class WorkFolder {
 public:
  static Result<WorkFolder> make();
  WorkFolder(WorkFolder&& other) noexcept;
  WorkFolder& operator=(WorkFolder&& other) noexcept;
  ~WorkFolder();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path library() const { return path_ / "library"; }
  // Reads the files, and those in the folders, into the library. Fails where none can be read.
  Result<IngestReport> ingest(const std::vector<std::filesystem::path>& files,
                              const IngestOptions& options) const;

 private:
  explicit WorkFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;  // Empty where it was moved away.
};

}  // namespace saseo::bench
