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
#include "ingest/layout_table.h"

namespace saseo::layout {

// The tables of a page in order.
std::vector<Table> find_tables(const PageLines& page, const BodyStyle& body);

}  // namespace saseo::layout
