// poppler's strings and pages in the terms of the pipe.
#pragma once

#include <poppler-document.h>
#include <poppler-page.h>

#include <memory>
#include <string>
#include <string_view>

#include "ingest/block_pipe.h"

class TextOutputDev;

namespace saseo::pdf_helper {

// UTF-16 to UTF-8; lone surrogates become U+FFFD, control characters spaces.
std::string to_utf8(const poppler::ustring& text);

PdfHeader read_header(const poppler::document& document);

// The page without its words. A null page gives a record that says it is unreadable.
PdfPage read_frame(const poppler::page* page, int number);

// Adds the words that the core library's device gathered from the page that it was shown.
void take_words(TextOutputDev& device, PdfPage& page);

// Adds the same words by way of poppler-cpp, which scans the page's fonts a second time and copies
// their list for each word.
void take_words(const poppler::page& from, PdfPage& page);

}  // namespace saseo::pdf_helper
