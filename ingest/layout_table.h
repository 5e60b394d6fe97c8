// A table as the layout finds it, with or without rules.
#pragma once

#include <cstddef>
#include <vector>

#include "ingest/layout_lines.h"

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

}  // namespace saseo::layout
