// The promises of one document's rows: pages, lines, blocks and chunks fit its text. Internal to
// index/.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "index/check_report.h"
#include "index/sqlite.h"

namespace saseo {

// The four checks of all documents, filled document by document.
struct DocumentChecks {
  Check& documents;  // Text is UTF-8 of the length that the row tells; pages are 1 to page_count.
  Check& lines;      // Inside the text, on character boundaries, boxes finite.
  Check& blocks;     // In order, inside the text, pages and parents exist.
  Check& chunks;     // Ordinals without gaps, segments inside the text, hashes of what they hold.
};

Status check_document(const Database& database, std::int64_t document, DocumentChecks checks);

}  // namespace saseo
