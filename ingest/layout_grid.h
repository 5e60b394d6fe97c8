// Ruled tables with merged cells.
//
// The rules of a page that touch one another make a grid; cells without a rule between them are one
// cell. What stands in it holds for every row and column that it spans, and is carried to each, so
// that a row alone is understood. Tables whose cells are all their own are left to layout_tables,
// which needs no rules.
#pragma once

#include <vector>

#include "ingest/layout_margins.h"
#include "ingest/layout_table.h"

namespace saseo::layout {

// The tables of this kind on a page, in the order of its lines; no two share a line.
std::vector<Table> find_merged_tables(const PageLines& page);

}  // namespace saseo::layout
