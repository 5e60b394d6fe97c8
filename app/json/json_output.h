// The JSON that other programs rely on: docs/json.md, version 1. Every shape is made here.
// A field never disappears or changes its meaning within a version; new fields may come.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/settings/config.h"
#include "generation/answer.h"
#include "index/ingest_run.h"
#include "index/library.h"
#include "index/library_check.h"
#include "retrieval/searcher.h"

namespace saseo::cli {

inline constexpr int kJsonVersion = 1;

using Json = nlohmann::ordered_json;

// One line. Bytes that are no UTF-8 become U+FFFD.
std::string dump(const Json& json);

Json error_json(const Error& error);  // {"error": {"code", "message"}}
Json answer_json(const Answer& answer);
// `library` gives page labels and boxes of the hits.
Result<Json> search_json(const SearchResult& result, const Library& library);
Json file_json(const FileReport& report);
Json ingest_summary_json(const IngestReport& report);
Json document_json(const StoredDocument& document);  // As in `library list`.
Json stats_json(const LibraryStats& stats);
Json check_json(const CheckReport& report);
Json product_json(const ProductChoice& choice);

std::string_view name_of(ProductDecision decision);

}  // namespace saseo::cli
