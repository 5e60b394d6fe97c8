// Markdown files to fill a library.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/hash.h"
#include "index/library_writer.h"
#include "ingest/chunker.h"
#include "ingest/text_readers.h"
#include "tests/temporary_folder.h"

namespace saseo {

// Reads `markdown` as if it stood in `path` and puts it into the library.
inline Result<PutReport> put_markdown(LibraryWriter& writer, const std::filesystem::path& path,
                                      std::string_view markdown, const ChunkOptions& options = {}) {
  const Document document = read_markdown(markdown);
  const std::vector<Chunk> chunks = make_chunks(document, options);
  return writer.put_document({path, content_hash(markdown), "test", markdown.size()}, document,
                             chunks);
}

}  // namespace saseo
