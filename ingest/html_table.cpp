#include "ingest/html_table.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"
#include "ingest/document_builder.h"
#include "ingest/html_tree.h"

namespace saseo::html {
namespace {

constexpr int kMaxSpan = 50;                    // Wider spans are errors or attacks.
constexpr std::size_t kMaxColumns = 200;        // Further cells are joined to the last.
constexpr std::size_t kMaxRepeatedBytes = 200;  // A longer spanning cell is not repeated.

struct Cell {
  std::string text;
  bool header = false;
};

struct Row {
  std::vector<Cell> cells;
  bool in_head = false;
};

int span_of(const xmlNode* cell, const char* name) {
  const std::string value = attribute(cell, name);
  int span = 1;
  std::from_chars(value.data(), value.data() + value.size(), span);
  return std::clamp(span, 1, kMaxSpan);
}

// A cell that reaches into the rows below.
struct Hanging {
  int rows_left = 0;
  Cell cell;
};

bool is_cell(const xmlNode* node) { return is_element(node, "td") || is_element(node, "th"); }

Row read_row(xmlNode* tr, std::vector<Hanging>& hanging) {
  Row row;
  row.in_head = tr->parent != nullptr && is_element(tr->parent, "thead");
  const auto take_hanging = [&] {
    while (row.cells.size() < hanging.size() && hanging[row.cells.size()].rows_left > 0) {
      Hanging& above = hanging[row.cells.size()];
      --above.rows_left;
      row.cells.push_back(above.cell);
    }
  };
  for (xmlNode* node = tr->children; node != nullptr; node = node->next) {
    if (!is_cell(node) || is_hidden(node)) continue;
    take_hanging();
    Cell cell{collapse_spaces(visible_text(text_within(node))), is_element(node, "th")};
    if (row.cells.size() >= kMaxColumns) {
      row.cells.back().text += " " + cell.text;
      continue;
    }
    const int columns = span_of(node, "colspan"), rows = span_of(node, "rowspan");
    for (int i = 0; i < columns && row.cells.size() < kMaxColumns; ++i) {
      Cell copy = cell;
      const bool repeated = cell.text.size() <= kMaxRepeatedBytes;
      if (i > 0 && !(repeated && (cell.header || row.in_head))) copy.text.clear();
      if (hanging.size() <= row.cells.size()) hanging.resize(row.cells.size() + 1);
      hanging[row.cells.size()] = {rows - 1, {repeated ? copy.text : std::string(), copy.header}};
      row.cells.push_back(std::move(copy));
    }
  }
  take_hanging();
  return row;
}

bool all_headers(const Row& row) {
  return !row.cells.empty() && std::ranges::all_of(row.cells, &Cell::header);
}

std::vector<std::string> texts_of(Row row, std::size_t columns) {
  std::vector<std::string> texts;
  for (Cell& cell : row.cells) texts.push_back(std::move(cell.text));
  texts.resize(columns);
  return texts;
}

}  // namespace

bool is_layout_table(xmlNode* table) {
  const std::string role = attribute(table, "role");
  if (role == "presentation" || role == "none") return true;
  std::size_t columns = 0;
  xmlNode* const inner = find_within(table, [&](const xmlNode* node) {
    const std::string_view name = name_of(node);
    if (name == "tr") {
      std::size_t cells = 0;
      for (const xmlNode* cell = node->children; cell; cell = cell->next) cells += is_cell(cell);
      columns = std::max(columns, cells);
    }
    return name == "table" ||
           (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6');
  });
  return inner != nullptr || columns < 2;
}

TableRows read_table(xmlNode* table) {
  TableRows result;
  std::vector<Row> rows;
  std::vector<Hanging> hanging;
  std::size_t columns = 0;
  xmlNode* node = table;
  while (node != nullptr) {
    const bool skip = node != table && (is_hidden(node) || is_cell(node));
    if (is_element(node, "caption") && !is_hidden(node)) {
      result.caption = text_within(node);
    } else if (is_element(node, "tr") && !is_hidden(node)) {
      rows.push_back(read_row(node, hanging));
      columns = std::max(columns, rows.back().cells.size());
    }
    node = next_node(node, table, skip, nullptr);
  }
  std::size_t heads = 0;
  while (heads < rows.size() && (rows[heads].in_head || all_headers(rows[heads]))) ++heads;
  if (heads == rows.size() && heads > 1) heads = 1;
  const bool any_header = std::ranges::any_of(
      rows, [](const Row& row) { return std::ranges::any_of(row.cells, &Cell::header); });
  if (heads == 0 && !any_header && rows.size() > 1) heads = 1;
  for (std::size_t i = 0; i < heads; ++i) {
    const std::vector<std::string> texts = texts_of(rows[i], columns);
    result.header.resize(columns);
    for (std::size_t c = 0; c < columns; ++c) {
      std::string& name = result.header[c];
      if (texts[c].empty() || name == texts[c] || name.ends_with(" " + texts[c])) continue;
      name += (name.empty() ? "" : " ") + texts[c];
    }
  }
  for (std::size_t i = heads; i < rows.size(); ++i) {
    result.rows.push_back(texts_of(std::move(rows[i]), columns));
  }
  return result;
}

}  // namespace saseo::html
