// A table element as rows of cells.
#pragma once

#include <libxml/tree.h>

#include <string>
#include <vector>

namespace saseo::html {

struct TableRows {
  std::string caption;
  std::vector<std::string> header;             // Empty when the table has none.
  std::vector<std::vector<std::string>> rows;  // As wide as the table.
};

// True for tables that only place things on the page: one column, tables or headings within.
bool is_layout_table(xmlNode* table);

// A cell that spans rows is repeated in each; one that spans columns stands in the first, in
// headers in each. Several header rows become one ("속도 | 속도" over "최소 | 최대" -> "속도 최소 |
// 속도 최대"). Without th cells the first of several rows is the header.
TableRows read_table(xmlNode* table);

}  // namespace saseo::html
