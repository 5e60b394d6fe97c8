// JSON of the library and of what is read into it (docs/json.md), version 1.
#pragma once

#include <span>

#include "app/json/json.h"
#include "app/library/outline.h"
#include "index/ingest_run.h"
#include "index/library.h"
#include "index/library_check.h"

namespace saseo::app {

Json file_json(const FileReport& report);
Json ingest_summary_json(const IngestReport& report);
Json document_json(const StoredDocument& document);  // As in `library list`.
// With its headings and pages, as in `library show`.
Result<Json> whole_document_json(const Library& library, const StoredDocument& document,
                                 std::span<const OutlineEntry> outline);
Json stats_json(const LibraryStats& stats);
Json check_json(const CheckReport& report);

}  // namespace saseo::app
