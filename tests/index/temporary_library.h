// A library in a folder of its own, removed with the object, and Markdown files to fill it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/hash.h"
#include "index/library_writer.h"
#include "ingest/chunker.h"
#include "ingest/text_readers.h"

namespace saseo {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "saseo-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Reads `markdown` as if it stood in `path` and puts it into the library.
inline Result<PutReport> put_markdown(LibraryWriter& writer, const std::filesystem::path& path,
                                      std::string_view markdown, const ChunkOptions& options = {}) {
  const Document document = read_markdown(markdown);
  const std::vector<Chunk> chunks = make_chunks(document, options);
  return writer.put_document({path, content_hash(markdown), "test", markdown.size()}, document,
                             chunks);
}

}  // namespace saseo
