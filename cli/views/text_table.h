// Columns of text at a terminal.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal/terminal.h"

namespace saseo::cli {

struct TextTable {
  std::vector<std::vector<std::string>> rows;  // The first is the header.

  // Indented by two columns; every column as wide as its widest cell.
  std::string text(const Console& console) const;
};

}  // namespace saseo::cli
