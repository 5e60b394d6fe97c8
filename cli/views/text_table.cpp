#include "cli/views/text_table.h"

#include <algorithm>

namespace saseo::cli {

std::string TextTable::text(const Console& console) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line = "  ";
    for (std::size_t i = 0; i < rows[r].size(); ++i)
      line += i + 1 == rows[r].size() ? rows[r][i] : padded(rows[r][i], widths[i] + 2);
    while (line.ends_with(' ')) line.pop_back();
    out += (r == 0 ? console.out_style(Style::kDim, line) : line) + "\n";
  }
  return out;
}

}  // namespace saseo::cli
