// poppler's strings and pages in the terms of the pipe.
#pragma once

#include <poppler-document.h>
#include <poppler-page.h>

#include <memory>
#include <string>
#include <string_view>

#include "ingest/block_pipe.h"

class PDFDoc;

class PDFDoc;

namespace saseo::pdf_helper {

// UTF-16 to UTF-8; lone surrogates become U+FFFD, control characters spaces.
std::string to_utf8(const poppler::ustring& text);

PdfHeader read_header(const poppler::document& document);

// The document in the terms of poppler's core library, or null when it does not open. The bytes
// outlive it; a document of poppler-cpp must be alive as long as it is. It is one thread's own, so
// that pages are shown without a copy of its cross-references (copyXRef) and keep what they parsed.
std::unique_ptr<PDFDoc> open_core(std::string_view file, const std::string& password);

// The words of a page. A null page gives a record that says it is unreadable. They come from
// the core document over the same bytes if there is one, else from poppler-cpp, which gives the
// same words but scans the page's fonts a second time and copies their list for each word.
PdfPage read_page(const poppler::page* page, int number, PDFDoc* core);

}  // namespace saseo::pdf_helper
