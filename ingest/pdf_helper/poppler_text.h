// poppler's strings and pages in the terms of the pipe.
#pragma once

#include <poppler-document.h>
#include <poppler-page.h>

#include <string>
#include <string_view>

#include "ingest/block_pipe.h"

namespace saseo::pdf_helper {

// UTF-16 to UTF-8; lone surrogates become U+FFFD, control characters spaces.
std::string to_utf8(const poppler::ustring& text);

PdfHeader read_header(const poppler::document& document);

// The words of a page. A null page gives a record that says it is unreadable.
PdfPage read_page(const poppler::page* page, int number);

}  // namespace saseo::pdf_helper
