// Tables, from the places of words; those with merged cells from their rules (layout_grid.h).
//
// Without rules, a table is a stretch of rows whose runs keep out of the same gutters, at least two
// of them with two cells or more, aligned with one another. Rows that belong to one cell (wrapped
// text) are told by their tight distance, or by an empty first column.
#pragma once

#include <cstddef>
#include <vector>

#include "ingest/layout_headings.h"
#include "ingest/layout_lines.h"
#include "ingest/layout_margins.h"

namespace saseo::layout {

struct TableCell {
  std::vector<Run> lines;  // Top to bottom; empty: an empty cell.
};

struct Table {
  std::size_t first_line = 0, line_count = 0;  // The page's lines that it takes.
  std::vector<float> column_lefts;
  std::vector<std::vector<TableCell>> rows;  // All with as many cells as there are columns.
  bool has_header = false;                   // The first row names the columns.
};

// Whether the first row names the columns: it is bold and the next is not, or it has short words
// without figures in every cell.
bool names_columns(const Table& table);

// The tables of a page in order.
std::vector<Table> find_tables(const PageLines& page, const BodyStyle& body);

}  // namespace saseo::layout
