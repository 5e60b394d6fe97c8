#include "ingest/layout_table.h"

#include <algorithm>

namespace saseo::layout {
namespace {

constexpr std::size_t kLongestHeaderCell = 40;  // Code points.

bool all_bold(const std::vector<TableCell>& row) {
  return std::ranges::all_of(
      row, [](const TableCell& cell) { return std::ranges::all_of(cell.lines, &Run::bold); });
}

}  // namespace

bool names_columns(const Table& table) {
  if (table.rows.size() < 2) return false;
  const std::vector<TableCell>& first = table.rows.front();
  std::size_t filled = 0;
  bool plain_words = true;
  for (const TableCell& cell : first) {
    std::size_t length = 0;
    for (const Run& run : cell.lines) {
      length += run.characters;
      plain_words = plain_words &&
                    std::ranges::none_of(run.text, [](char c) { return c >= '0' && c <= '9'; });
    }
    filled += length > 0;
    plain_words = plain_words && length <= kLongestHeaderCell;
  }
  if (filled < 2) return false;
  return (all_bold(first) && !all_bold(table.rows[1])) || (plain_words && filled == first.size());
}

}  // namespace saseo::layout
