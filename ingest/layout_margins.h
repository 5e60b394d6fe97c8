// What stands on a page but is no part of the text: running headers and footers, page numbers, and
// tables of contents (whose lines would answer every search with a title and a number).
#pragma once

#include <string_view>
#include <vector>

#include "ingest/block_pipe.h"
#include "ingest/layout_lines.h"

namespace saseo::layout {

struct PageLines {
  int number = 0;
  float width = 0, height = 0;
  std::vector<Line> lines;
  std::vector<PdfRule> rules;
};

// Removes lines near the top or bottom edge that stand at one height on many pages and repeat,
// their numbers aside, from page to page. A slot that repeats is a running head on the few pages
// too where its text is new (a chapter of one page).
void drop_running_lines(std::vector<PageLines>& pages);

// "Charging ........ 12": a title, dots, and a page number.
bool is_contents_entry(std::string_view text);

// Removes tables of contents: entries with dots, and lines that are a title of the outline and a
// number. Without an outline only pages that are little else.
void drop_contents_pages(std::vector<PageLines>& pages, const PdfHeader& header);

// The form in which titles are compared: folded, without spaces and section numbers.
std::string comparable_title(std::string_view title);

}  // namespace saseo::layout
