// --document, --product, --language, --pages: where to look.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "index/library.h"
#include "retrieval/query.h"

namespace saseo::cli {

// As typed; checked against the library by filter_of.
struct FilterArguments {
  std::vector<std::string> documents;
  std::string product, language, pages;
};

void add_filter_options(CLI::App& command, FilterArguments& arguments);

// "12", "10-20", "10-", "-20": first and last page, 0 for an open end.
Result<std::pair<int, int>> parse_pages(const std::string& text);
// "ko" or "en".
Result<Language> parse_language(const std::string& text);

// Fails when a document is not in the library, no document has the product, or a value is off.
Result<Filter> filter_of(const FilterArguments& arguments, const Library& library);

}  // namespace saseo::cli
