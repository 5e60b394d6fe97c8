// Reads a file of any supported kind into a Document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ingest/document.h"

namespace saseo {

struct ReadOptions {
  std::string password;              // For encrypted PDF files.
  std::filesystem::path pdf_helper;  // The saseo-pdf program; empty: found beside this program
                                     // or in ../libexec/saseo (pdf_reader.h).
  std::size_t helper_memory = std::size_t{1} << 30;  // Bytes of address space for the PDF helper.
  int helper_cpu_seconds = 300;                      // Processor seconds for one document.
  int page_timeout_seconds = 15;  // Longest wait for one page; the pages before it are kept.
  std::uint64_t max_file_bytes = std::uint64_t{1} << 30;
  // Called after each page that was read: (pages done, pages in all; 0 while unknown).
  std::function<void(int, int)> on_page;
  // Called once when a PDF turns out to hold Korean, while the rest of it is still being read: time
  // to load what Korean needs.
  std::function<void()> on_korean;
  std::stop_token stop;
};

// The kind by content first (a PDF is one whatever its name), then by extension. Empty: a kind
// that is not read, or a binary file.
std::optional<DocumentKind> detect_kind(const std::filesystem::path& path, std::string_view head);

// Reads the file whole. Fails when nothing can be read; when only a part can, gives that part and
// says so in Document::warnings.
Result<Document> read_document(const std::filesystem::path& path, const ReadOptions& options = {});

// Fills the empty fields of document.info: title, product, model number, edition, language, from
// the cover page, front matter, running headers and metadata.
void infer_document_info(Document& document, const std::filesystem::path& path);

}  // namespace saseo
