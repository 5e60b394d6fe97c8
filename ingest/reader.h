// Reads a file of any supported kind into a Document.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "ingest/document.h"
#include "ingest/read_options.h"

namespace saseo {

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
