// Where to look: the limits of a question or search, as people write them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "index/library.h"
#include "retrieval/query.h"

namespace saseo::app {

// As typed; checked against the library by filter_of().
struct FilterChoice {
  std::vector<std::string> documents;  // Number, file, title or product of each.
  std::string product, language, pages;
};

// "12", "10-20", "10-", "-20": first and last page, 0 for an open end.
Result<std::pair<int, int>> parse_pages(const std::string& text);
// "ko" or "en".
Result<Language> parse_language(const std::string& text);

// Fails when a document is not in the library, no document has the product, or a value is off.
Result<Filter> filter_of(const FilterChoice& choice, const Library& library);

}  // namespace saseo::app
