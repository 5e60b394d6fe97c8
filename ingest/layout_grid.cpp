#include "ingest/layout_grid.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace saseo::layout {
namespace {

constexpr float kTouch = 2.5f;            // Points. Rules this near meet, or are one.
constexpr float kCoveredShare = 0.7f;     // Of a cell's side, from which on a rule parts two cells.
constexpr float kOverhang = 4;            // Points that text may reach over its cell's sides.
constexpr std::size_t kMaxRules = 1'500;  // More are a drawing.
constexpr std::size_t kMaxRows = 300, kMaxColumns = 40;
constexpr std::size_t kLongestCarried = 160;  // Code points; longer text stays where it stands.
constexpr float kFilledShare = 0.6f;          // Of the cells; drawings leave most empty.

// Sorted, those within kTouch of their predecessor as one.
std::vector<float> distinct(std::vector<float> values) {
  std::ranges::sort(values);
  std::vector<float> out;
  for (const float value : values)
    if (out.empty() || value - out.back() > kTouch) out.push_back(value);
  return out;
}

// The number of the interval between neighbours that holds a value.
std::optional<std::size_t> interval_of(const std::vector<float>& bounds, float value) {
  const auto above = std::ranges::upper_bound(bounds, value);
  if (above == bounds.begin() || above == bounds.end()) return std::nullopt;
  return static_cast<std::size_t>(above - bounds.begin()) - 1;
}

// Rules in sets of those that meet.
std::vector<std::vector<PdfRule>> connected(const std::vector<PdfRule>& rules) {
  std::vector<std::size_t> set(rules.size());
  std::iota(set.begin(), set.end(), 0u);
  const auto root = [&](std::size_t i) {
    while (set[i] != i) i = set[i] = set[set[i]];
    return i;
  };
  for (std::size_t a = 0; a < rules.size(); ++a) {
    for (std::size_t b = a + 1; b < rules.size(); ++b) {
      if (rules[a].left - kTouch <= rules[b].right && rules[b].left - kTouch <= rules[a].right &&
          rules[a].top - kTouch <= rules[b].bottom && rules[b].top - kTouch <= rules[a].bottom)
        set[root(b)] = root(a);
    }
  }
  std::vector<std::vector<PdfRule>> out;
  std::vector<std::size_t> place(rules.size(), rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    std::size_t& at = place[root(i)];
    if (at == rules.size()) {
      at = out.size();
      out.emplace_back();
    }
    out[at].push_back(rules[i]);
  }
  return out;
}

// A cell as it is drawn: one or more cells of the grid.
struct GridRegion {
  std::size_t top = 0, bottom = 0, left = 0, right = 0;  // Rows and columns, ends included.
  std::size_t cells = 0;
  std::vector<Run> runs;

  bool merged() const { return cells > 1; }
  bool rectangular() const { return cells == (bottom - top + 1) * (right - left + 1); }
};

class Grid {
 public:
  explicit Grid(const std::vector<PdfRule>& rules) {
    // A side without a border, as at a page's end, is where the rules that run to it end.
    PdfRule all = rules.front();
    for (const PdfRule& rule : rules) {
      all = {std::min(all.left, rule.left), std::min(all.top, rule.top),
             std::max(all.right, rule.right), std::max(all.bottom, rule.bottom)};
    }
    std::vector<float> xs = {all.left, all.right}, ys = {all.top, all.bottom};
    for (const PdfRule& rule : rules)
      rule.horizontal() ? ys.push_back(rule.top) : xs.push_back(rule.left);
    xs_ = distinct(std::move(xs));
    ys_ = distinct(std::move(ys));
    if (xs_.size() < 3 || ys_.size() < 3 || columns() > kMaxColumns || rows() > kMaxRows) return;
    join_cells(rules);
  }

  // Whether there are merged cells, all of them rectangles.
  bool has_merged_cells() const {
    return std::ranges::any_of(regions_, &GridRegion::merged) &&
           std::ranges::all_of(regions_, &GridRegion::rectangular);
  }

  bool holds(const Line& line) const {
    return std::ranges::all_of(line.runs, [&](const Run& run) {
      return interval_of(xs_, (run.x + run.right) / 2) && interval_of(ys_, run.middle());
    });
  }

  // Whether the line stands in a first row that is one cell: a title over the table.
  bool is_title(const Line& line) const {
    const GridRegion& first = regions_.front();
    return first.right - first.left + 1 == columns() &&
           std::ranges::all_of(line.runs, [&](const Run& run) { return &home_of(run) == &first; });
  }

  // False when text does not keep to the cells.
  bool put(const Run& run) {
    GridRegion& region = regions_[number_of(run)];
    region.runs.push_back(run);
    return run.x > xs_[region.left] - kOverhang && run.right < xs_[region.right + 1] + kOverhang;
  }

  std::optional<Table> table() {
    const auto filled = static_cast<float>(
        std::ranges::count_if(regions_, [](const GridRegion& r) { return !r.runs.empty(); }));
    if (filled < 4 || filled < kFilledShare * static_cast<float>(regions_.size()))
      return std::nullopt;
    Table table;
    table.column_lefts.assign(xs_.begin(), xs_.end() - 1);
    table.rows.resize(rows(), std::vector<TableCell>(columns()));
    for (GridRegion& region : regions_) {
      std::ranges::stable_sort(region.runs, [](const Run& a, const Run& b) {
        return a.middle() + kTouch < b.middle() || (a.middle() <= b.middle() + kTouch && a.x < b.x);
      });
      const std::size_t length =
          std::accumulate(region.runs.begin(), region.runs.end(), std::size_t{0},
                          [](std::size_t sum, const Run& run) { return sum + run.characters; });
      // A title over the whole table would only repeat itself.
      const bool carried = length <= kLongestCarried && region.right - region.left + 1 < columns();
      for (std::size_t r = region.top; r <= (carried ? region.bottom : region.top); ++r)
        for (std::size_t c = region.left; c <= (carried ? region.right : region.left); ++c)
          table.rows[r][c].lines = region.runs;
    }
    // Double rules leave rows and columns without any text.
    const auto is_empty = [](const TableCell& cell) { return cell.lines.empty(); };
    std::erase_if(table.rows, [&](const std::vector<TableCell>& row) {
      return std::ranges::all_of(row, is_empty);
    });
    for (std::size_t c = columns(); c-- > 0;) {
      const auto at = static_cast<std::ptrdiff_t>(c);
      if (!std::ranges::all_of(table.rows, [&](const auto& row) { return is_empty(row[c]); }))
        continue;
      table.column_lefts.erase(table.column_lefts.begin() + at);
      for (std::vector<TableCell>& row : table.rows) row.erase(row.begin() + at);
    }
    if (table.rows.size() < 2 || table.column_lefts.size() < 2) return std::nullopt;
    table.has_header = names_columns(table);
    return table;
  }

 private:
  std::size_t number_of(const Run& run) const {
    return region_of_[*interval_of(ys_, run.middle()) * columns() +
                      *interval_of(xs_, (run.x + run.right) / 2)];
  }
  const GridRegion& home_of(const Run& run) const { return regions_[number_of(run)]; }
  std::size_t rows() const { return ys_.size() - 1; }
  std::size_t columns() const { return xs_.size() - 1; }

  void join_cells(const std::vector<PdfRule>& rules) {
    const std::size_t count = rows() * columns();
    std::vector<float> below(count), beside(count);  // Share of the side that a rule covers.
    for (const PdfRule& rule : rules) {
      const bool across = rule.horizontal();
      const std::vector<float>&along = across ? xs_ : ys_, &places = across ? ys_ : xs_;
      // The last place that is not beyond the rule's: distinct() kept the first of each cluster.
      const float at = across ? rule.top : rule.left;
      const std::size_t place =
          static_cast<std::size_t>(std::ranges::upper_bound(places, at) - places.begin()) - 1;
      if (place == 0 || place + 1 >= places.size()) continue;  // The outer border.
      const float from = across ? rule.left : rule.top, to = across ? rule.right : rule.bottom;
      for (std::size_t i = 0; i + 1 < along.size(); ++i) {
        const float overlap = std::min(to, along[i + 1]) - std::max(from, along[i]);
        if (overlap <= 0) continue;
        float& covered =
            across ? below[(place - 1) * columns() + i] : beside[i * columns() + place - 1];
        covered += overlap / (along[i + 1] - along[i]);
      }
    }
    region_of_.assign(count, count);
    for (std::size_t cell = 0; cell < count; ++cell) {
      if (region_of_[cell] != count) continue;
      regions_.push_back({rows(), 0, columns(), 0, 0, {}});
      fill(cell, below, beside);
    }
  }

  // Gives all cells that no rule parts from this one to the last region.
  void fill(std::size_t start, const std::vector<float>& below, const std::vector<float>& beside) {
    GridRegion& region = regions_.back();
    std::vector<std::size_t> open = {start};
    region_of_[start] = regions_.size() - 1;
    while (!open.empty()) {
      const std::size_t cell = open.back(), row = cell / columns(), column = cell % columns();
      open.pop_back();
      ++region.cells;
      region.top = std::min(region.top, row), region.bottom = std::max(region.bottom, row);
      region.left = std::min(region.left, column), region.right = std::max(region.right, column);
      const auto reach = [&](std::size_t next, float covered) {
        if (covered >= kCoveredShare || region_of_[next] != region_of_.size()) return;
        region_of_[next] = regions_.size() - 1;
        open.push_back(next);
      };
      if (row > 0) reach(cell - columns(), below[cell - columns()]);
      if (row + 1 < rows()) reach(cell + columns(), below[cell]);
      if (column > 0) reach(cell - 1, beside[cell - 1]);
      if (column + 1 < columns()) reach(cell + 1, beside[cell]);
    }
  }

  std::vector<float> xs_, ys_;  // Places of the rules.
  std::vector<GridRegion> regions_;
  std::vector<std::size_t> region_of_;  // (rows, columns)
};

std::optional<Table> table_of(const std::vector<PdfRule>& rules, const PageLines& page) {
  Grid grid(rules);
  if (!grid.has_merged_cells()) return std::nullopt;
  const auto inside = [&](const Line& line) { return grid.holds(line); };
  auto first = std::ranges::find_if(page.lines, inside);
  const auto end = std::find_if_not(first, page.lines.end(), inside);
  // Text between its lines that stands elsewhere: not read as a table then.
  if (first == end || std::find_if(end, page.lines.end(), inside) != page.lines.end())
    return std::nullopt;
  while (first != end && grid.is_title(*first)) ++first;
  for (auto line = first; line != end; ++line)
    for (const Run& run : line->runs)
      if (line->mono() || !grid.put(run)) return std::nullopt;
  std::optional<Table> table = grid.table();
  if (!table) return std::nullopt;
  table->first_line = static_cast<std::size_t>(first - page.lines.begin());
  table->line_count = static_cast<std::size_t>(end - first);
  return table;
}

}  // namespace

std::vector<Table> find_merged_tables(const PageLines& page) {
  std::vector<Table> tables;
  if (page.rules.empty() || page.rules.size() > kMaxRules) return tables;
  for (const std::vector<PdfRule>& rules : connected(page.rules)) {
    std::optional<Table> table = table_of(rules, page);
    if (table) tables.push_back(std::move(*table));
  }
  std::ranges::sort(tables, {}, &Table::first_line);
  // Of grids within grids the first in the order of lines.
  std::size_t taken = 0;
  std::erase_if(tables, [&](const Table& table) {
    if (table.first_line < taken) return true;
    taken = table.first_line + table.line_count;
    return false;
  });
  return tables;
}

}  // namespace saseo::layout
