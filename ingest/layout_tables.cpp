#include "ingest/layout_tables.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/utf8.h"
#include "ingest/block_markers.h"
#include "ingest/layout_grid.h"

namespace saseo::layout {
namespace {

// Distances in font sizes.
constexpr float kRowReach = 3.2f;   // To a row with several cells.
constexpr float kLoneReach = 2.2f;  // To a row with one cell: more of it may be other text.
constexpr float kTight = 0.75f;     // Between lines of one cell.
constexpr float kAligned = 2.5f;    // Points.
constexpr float kAlignedShare = 0.6f;

struct Column {
  float left = 0, right = 0;
};

bool overlaps(const Run& run, const Column& column) {
  return run.x < column.right && column.left < run.right;
}

class TableBuilder {
 public:
  TableBuilder(const std::vector<Line>& lines, std::size_t first, const BodyStyle& body)
      : lines_(lines), body_(body), first_(first), end_(first) {}

  std::optional<Table> build() {
    while (end_ < lines_.size() && accept(lines_[end_])) ++end_;
    trim_end();
    reach_up();
    if (!is_table()) return std::nullopt;
    Table table;
    table.first_line = first_;
    table.line_count = end_ - first_;
    for (const Column& column : columns_) table.column_lefts.push_back(column.left);
    add_rows(table);
    table.has_header = names_columns(table);
    // Two rows without column names are the labels of a figure more often than a table.
    if (!table.has_header && table.rows.size() < 3) return std::nullopt;
    return table;
  }

 private:
  // Widens the columns by the line's runs when it fits below the table so far.
  bool accept(const Line& line) {
    if (line.mono() || line.region != lines_[first_].region) return false;
    if (end_ > first_) {
      const float size = std::max(line.size(), lines_[end_ - 1].size());
      const float reach = (line.runs.size() > 1 ? kRowReach : kLoneReach) * size;
      if (line.y() - bottom_ > reach || std::fabs(line.size() - lines_[first_].size()) > 1.6f)
        return false;
      if (line.runs.size() == 1 && starts_other_text(line)) return false;
    }
    std::vector<Column> widened = columns_;
    for (const Run& run : line.runs) {
      Column* home = nullptr;
      for (Column& column : widened) {
        if (!overlaps(run, column)) continue;
        if (home != nullptr) return false;  // Runs across a gutter.
        home = &column;
      }
      if (home == nullptr) {
        // A lone run beside all columns is a paragraph, not a new column.
        if (line.runs.size() == 1) return false;
        widened.push_back({run.x, run.right});
      } else {
        home->left = std::min(home->left, run.x);
        home->right = std::max(home->right, run.right);
      }
    }
    std::ranges::sort(widened, {}, &Column::left);
    for (std::size_t i = 1; i < widened.size(); ++i)
      if (widened[i].left < widened[i - 1].right) return false;
    columns_ = std::move(widened);
    bottom_ = std::max(bottom_, line.bottom());
    return true;
  }

  bool starts_other_text(const Line& line) const {
    const std::string text = line.text();
    const Run& run = line.runs.front();
    return column_of(run) == 0 && (split_caption(text) || split_warning(text) ||
                                   (split_enumerator(text) && run.y - bottom_ > kTight * run.size));
  }

  std::size_t column_of(const Run& run) const {
    std::size_t best = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (overlaps(run, columns_[i])) best = i;
    return best;
  }

  // A last row with one cell is part of the table only when it continues a cell above it.
  void trim_end() {
    while (end_ > first_ + 1) {
      const Line& last = lines_[end_ - 1];
      if (last.runs.size() > 1) return;
      const Run& run = last.runs.front();
      const std::size_t column = column_of(run);
      bool continues = false;
      for (std::size_t i = first_; i + 1 < end_; ++i)
        for (const Run& above : lines_[i].runs)
          if (column_of(above) == column && run.y - above.bottom < kTight * run.size &&
              run.bold == above.bold)
            continues = true;
      if (continues || (column > 0 && columns_.size() > 2)) return;
      --end_;
    }
  }

  // First lines of a header whose cells wrap: lone runs above a column that is not the first.
  void reach_up() {
    while (first_ > 0) {
      const Line& line = lines_[first_ - 1];
      if (line.runs.size() != 1 || line.region != lines_[first_].region) return;
      const Run& run = line.runs.front();
      std::size_t touched = 0, at = 0;
      for (std::size_t i = 0; i < columns_.size(); ++i)
        if (overlaps(run, columns_[i])) ++touched, at = i;
      const bool inside = touched == 1 && run.x > columns_[at].left - kAligned &&
                          run.right < columns_[at].right + kAligned;
      if (!inside || at == 0 || lines_[first_].y() - run.bottom > 0.4f * run.size) return;
      --first_;
    }
  }

  bool is_table() const {
    std::size_t rows = 0, cells = 0, aligned = 0;
    for (std::size_t i = first_; i < end_; ++i) {
      if (lines_[i].runs.size() < 2) continue;
      ++rows;
      for (const Run& run : lines_[i].runs) {
        ++cells;
        aligned += is_aligned(run, i);
      }
    }
    return columns_.size() >= 2 && rows >= 2 &&
           static_cast<float>(aligned) >= kAlignedShare * static_cast<float>(cells);
  }

  bool is_aligned(const Run& run, std::size_t line) const {
    for (std::size_t i = first_; i < end_; ++i) {
      if (i == line) continue;
      for (const Run& other : lines_[i].runs) {
        const float centre = (run.x + run.right - other.x - other.right) / 2;
        if (std::fabs(run.x - other.x) < kAligned ||
            std::fabs(run.right - other.right) < kAligned || std::fabs(centre) < kAligned)
          return true;
      }
    }
    return false;
  }

  // Whether the run's cell could have taken the first word of the run below: then they are no
  // wrapped text. A cell may reach to its neighbour on the right.
  bool has_room_for(const Run& run, const Run& below) const {
    const std::size_t column = column_of(run);
    const float limit = column + 1 < columns_.size()
                            ? columns_[column + 1].left - 0.8f * run.size
                            : std::max(columns_[column].right, lines_[first_].right_margin);
    return limit - run.right > below.first_word_right - below.x + 0.5f * run.size;
  }

  // The distances between neighbours in one column: the tight one of lines in a cell, if cells
  // wrap at all, and the loose one from which on a new row begins.
  struct Distances {
    bool wraps = false;
    float loose = 0;
  };

  Distances measure() const {
    struct Gap {
      float distance = 0;
      bool full = false;  // The upper line had no room for the lower one's word.
    };
    std::vector<Gap> gaps;
    std::vector<const Run*> last(columns_.size());
    for (std::size_t i = first_; i < end_; ++i) {
      for (const Run& run : lines_[i].runs) {
        const Run*& above = last[column_of(run)];
        if (above != nullptr) gaps.push_back({run.y - above->bottom, !has_room_for(*above, run)});
        above = &run;
      }
    }
    if (gaps.empty()) return {};
    std::ranges::sort(gaps, {}, &Gap::distance);
    const float size = lines_[first_].size();
    // The smallest, but for overlaps (a footnote sign, cells that are set off in height).
    const auto first_apart =
        std::ranges::find_if(gaps, [&](const Gap& gap) { return gap.distance > -0.1f * size; });
    const float tight = first_apart == gaps.end() ? 0 : std::max(first_apart->distance, 0.0f);
    const float loose = std::max(tight * 1.5f, tight + 0.2f * size);
    std::size_t tight_gaps = 0, full = 0;
    for (const Gap& gap : gaps)
      if (gap.distance < loose) ++tight_gaps, full += gap.full;
    return {full * 5 >= tight_gaps * 2 && gaps.back().distance >= loose && tight < kTight * size,
            loose};
  }

  void add_rows(Table& table) const {
    const Distances distances = measure();
    const float size = lines_[first_].size();
    float bottom = 0;
    for (std::size_t i = first_; i < end_; ++i) {
      const Line& line = lines_[i];
      const float gap = line.y() - bottom;
      const bool in_first_column = column_of(line.runs.front()) == 0;
      bool starts = i == first_;
      if (distances.wraps) {
        starts = starts || gap >= distances.loose ||
                 (in_first_column && line.runs.size() > 1 && gap > -0.15f * size &&
                  !continues_a_cell(lines_[i - 1], line));
      } else if (!starts) {
        // Without padding between rows a new one begins in the first column, unless that is all
        // there is and the cell above was full.
        const bool wrapped = (!in_first_column || line.runs.size() == 1) && gap < kTight * size &&
                             continues_a_cell(lines_[i - 1], line);
        starts = !wrapped && (in_first_column || line.runs.size() > 1 || gap > kTight * size);
      }
      if (starts) table.rows.emplace_back(columns_.size());
      for (const Run& run : line.runs) table.rows.back()[column_of(run)].lines.push_back(run);
      bottom = starts ? line.bottom() : std::max(bottom, line.bottom());
    }
  }

  bool continues_a_cell(const Line& above, const Line& line) const {
    for (const Run& run : line.runs)
      for (const Run& upper : above.runs)
        if (column_of(run) == column_of(upper) && !has_room_for(upper, run)) return true;
    return false;
  }

  const std::vector<Line>& lines_;
  const BodyStyle& body_;
  std::size_t first_, end_;  // Lines of the table: [first_, end_).
  std::vector<Column> columns_;
  float bottom_ = 0;
};

}  // namespace

std::vector<Table> find_tables(const PageLines& page, const BodyStyle& body) {
  std::vector<Table> tables, merged = find_merged_tables(page);
  auto next = merged.begin();
  for (std::size_t i = 0; i < page.lines.size();) {
    if (next != merged.end() && next->first_line == i) {
      i += next->line_count;
      tables.push_back(std::move(*next++));
      continue;
    }
    std::optional<Table> table;
    if (page.lines[i].runs.size() > 1) table = TableBuilder(page.lines, i, body).build();
    const std::size_t taken =
        tables.empty() ? 0 : tables.back().first_line + tables.back().line_count;
    const bool clear =
        table && table->first_line >= taken &&
        (next == merged.end() || table->first_line + table->line_count <= next->first_line);
    if (clear) {
      i = table->first_line + table->line_count;
      tables.push_back(std::move(*table));
    } else {
      ++i;
    }
  }
  return tables;
}

}  // namespace saseo::layout
