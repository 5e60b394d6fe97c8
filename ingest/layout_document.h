// From words with places to a document: lines, columns, running headers and footers, headings,
// paragraphs, lists, tables. Pure: same words, same document.
#pragma once

#include <vector>

#include "ingest/block_pipe.h"
#include "ingest/document.h"

namespace saseo {

// Pages in order; hidden words are left out of the document and reported in its warnings.
Document build_pdf_document(const PdfHeader& header, std::vector<PdfPage> pages);

}  // namespace saseo
