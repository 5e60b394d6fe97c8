// Finds words that a reader of the page cannot see: white on white, covered by a picture, drawn
// invisibly, or too small to read. Such words are how instructions are smuggled into documents.
//
// poppler-cpp tells no colours, so the page is drawn, small and grey, and a word is hidden when its
// box is all of one shade. The invisible text layer of a scan has the scan's ink under it: it
// stays. A font that is not in the file and that this machine has no substitute for leaves no ink
// either: that is not held against its words.
#pragma once

#include <poppler-document.h>
#include <poppler-page.h>

#include "ingest/block_pipe.h"

namespace saseo::pdf_helper {

// Dots, dashes and blanks may leave little ink and carry no message.
bool says_something(const PdfWord& word);

// Sets PdfWord::hidden of words that are smaller than a reader can make out.
void mark_tiny_words(PdfPage& words);

// Draws the document's page `index` and sets PdfWord::hidden of words that leave no ink. When in
// doubt a word counts as visible.
void mark_hidden_words(const poppler::document& document, int index, const poppler::page& page,
                       PdfPage& words);

}  // namespace saseo::pdf_helper
