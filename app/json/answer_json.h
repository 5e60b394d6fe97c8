// JSON of answers and searches (docs/json.md), version 1.
#pragma once

#include <string_view>

#include "app/json/json.h"
#include "generation/answer.h"
#include "index/library.h"
#include "retrieval/searcher.h"

namespace saseo::app {

Json answer_json(const Answer& answer);
// `library` gives page labels and boxes of the hits.
Result<Json> search_json(const SearchResult& result, const Library& library);
Json product_json(const ProductChoice& choice);

std::string_view name_of(ProductDecision decision);

}  // namespace saseo::app
