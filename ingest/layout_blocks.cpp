#include "ingest/layout_blocks.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "base/utf8.h"
#include "ingest/block_markers.h"

namespace saseo::layout {
namespace {

// Distances in font sizes.
constexpr float kSameIndent = 0.8f;
constexpr float kFirstLineIndent = 3.5f;
constexpr float kPitchSlack = 0.17f;  // Of the pitch: more begins a new paragraph.
constexpr float kRoomSlack = 1.2f;    // Beyond a word's width: the line could have taken it.
constexpr int kMaxListLevel = 8;

bool ends_sentence(std::string_view text) {
  for (const std::string_view end : {".", "!", "?", ":", ".)", ".”", ".\"", "다", "요", "。"})
    if (text.ends_with(end)) return true;
  return false;
}

// "a." "b)": a letter as a number, which split_enumerator leaves to those who see the indentation.
std::optional<Enumerator> split_letter(std::string_view text) {
  if (text.size() < 4 || text[0] < 'a' || text[0] > 'z' || (text[1] != '.' && text[1] != ')') ||
      text[2] != ' ')
    return std::nullopt;
  return Enumerator{EnumeratorKind::kNumber, std::string(text.substr(0, 2)), text.substr(3)};
}

class Assembler {
 public:
  Assembler(const std::vector<PageLines>& pages, const std::vector<PageContent>& content,
            const BodyStyle& body)
      : pages_(pages), content_(content), body_(body) {
    find_body_lefts();
  }

  std::vector<DraftBlock> run() {
    for (std::size_t p = 0; p < pages_.size(); ++p) add_page(p);
    return std::move(blocks_);
  }

 private:
  // A list item that later lines may belong to, by their indentation.
  struct OpenItem {
    float marker_x = 0, text_x = 0;  // From the body's left edge.
    int level = 1, block = -1;
  };
  // The block that the next line may continue.
  struct Open {
    const Line* last = nullptr;
    float text_x = 0;         // Where its lines begin, from the body's left edge.
    float pitch = 0;          // Between its last two lines, in points; 0 with one line.
    bool label_only = false;  // A warning whose text is still to come.
    int lines = 1;            // In the column of the last line.
    float right = 0;          // The furthest that these reach.
  };

  // Odd and even pages may have different margins: the body's left edge is where most lines begin.
  void find_body_lefts() {
    std::map<long, std::size_t> lefts[2];
    for (const PageLines& page : pages_)
      for (const Line& line : page.lines)
        if (std::fabs(line.size() - body_.size) < 0.6f)
          ++lefts[page.number % 2][std::lround(line.x())];
    for (int parity = 0; parity < 2; ++parity) {
      if (lefts[parity].empty()) continue;
      body_left_[parity] =
          static_cast<float>(std::ranges::max_element(lefts[parity], {}, [](const auto& e) {
                               return e.second;
                             })->first);
    }
  }

  // In a page of several columns the column's edge counts.
  float indent_of(const Line& line) const {
    const bool columns = page_regions_ > 1;
    return line.x() - (columns ? line.left : body_left_[line.page % 2]);
  }

  void add_page(std::size_t p) {
    const PageLines& page = pages_[p];
    const PageContent& content = content_[p];
    page_regions_ = page.lines.empty() ? 0 : page.lines.back().region + 1;
    std::size_t table = 0, heading = 0;
    for (std::size_t i = 0; i < page.lines.size();) {
      if (table < content.tables.size() && content.tables[table].first_line == i) {
        add_table(content.tables[table], page.lines);
        i += std::max<std::size_t>(content.tables[table++].line_count, 1);
      } else if (heading < content.headings.size() && content.headings[heading].line == i) {
        add_heading(content.headings[heading], page.lines);
        i += content.headings[heading++].line_count;
      } else {
        add_line(page.lines[i++]);
      }
    }
  }

  static void place(DraftBlock& block, const Line& line) {
    for (std::size_t i = 0; i < line.runs.size(); ++i)
      block.runs.push_back({line.runs[i], line.page,
                            i + 1 == line.runs.size() ? line.right_margin - line.right() : 0});
  }

  // Without the first `bytes` of the line's text; its box begins at x then.
  static void place_after(DraftBlock& block, const Line& line, std::size_t bytes, float x) {
    const std::size_t from = block.runs.size();
    place(block, line);
    while (bytes > 0 && from < block.runs.size()) {
      Run& run = block.runs[from].run;
      if (bytes < run.text.size()) {
        run.text.erase(0, bytes);
        run.x = std::clamp(x, run.x, run.right);
        return;
      }
      bytes -= std::min(bytes, run.text.size() + 1);
      block.runs.erase(block.runs.begin() + static_cast<std::ptrdiff_t>(from));
    }
  }

  int push(DraftBlock block) {
    blocks_.push_back(std::move(block));
    return static_cast<int>(blocks_.size()) - 1;
  }

  void open(const Line& line, float text_x, bool label_only = false) {
    open_ = Open{&line, text_x, 0, label_only, 1, line.right()};
  }

  void add_heading(const Heading& heading, const std::vector<Line>& lines) {
    DraftBlock block{BlockKind::kHeading, heading.level};
    for (std::size_t i = 0; i < heading.line_count; ++i) place(block, lines[heading.line + i]);
    push(std::move(block));
    items_.clear();
    open_.reset();
    last_table_ = nullptr;
  }

  static bool same_cells(const std::vector<TableCell>& a, const std::vector<TableCell>& b) {
    return std::ranges::equal(a, b, [](const TableCell& x, const TableCell& y) {
      return std::ranges::equal(x.lines, y.lines, {}, &Run::text, &Run::text);
    });
  }

  // A table at the top of a page goes on from the one that ended the page before when it has the
  // same columns, and repeats its header or has none.
  bool goes_on(const Table& table, const std::vector<Line>& lines) const {
    if (last_table_ == nullptr || lines[table.first_line].page == last_table_page_ ||
        table.column_lefts.size() != last_table_->column_lefts.size())
      return false;
    const float shift = table.column_lefts[0] - last_table_->column_lefts[0];
    for (std::size_t c = 0; c < table.column_lefts.size(); ++c)
      if (std::fabs(table.column_lefts[c] - last_table_->column_lefts[c] - shift) > 12)
        return false;
    return !table.has_header || (header_ != nullptr && same_cells(table.rows.front(), *header_));
  }

  void add_table(const Table& table, const std::vector<Line>& lines) {
    const Line& first = lines[table.first_line];
    const bool continued = goes_on(table, lines);
    if (!continued) {
      ++tables_;
      header_ = table.has_header ? &table.rows.front() : nullptr;
    }
    const int parent = continued ? last_table_parent_ : parent_at(indent_of(first), first.size());
    // A column is as wide as its widest line: cells may be centred.
    std::vector<float> widths(table.column_lefts.size());
    for (const std::vector<TableCell>& row : table.rows)
      for (std::size_t c = 0; c < row.size(); ++c)
        for (const Run& run : row[c].lines) widths[c] = std::max(widths[c], run.right - run.x);
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const bool is_header = r == 0 && table.has_header;
      if (is_header && continued) continue;
      DraftBlock row{is_header ? BlockKind::kTableHeader : BlockKind::kTableRow};
      row.parent = parent;
      row.table = tables_ - 1;
      for (std::size_t c = 0; c < table.rows[r].size(); ++c) {
        row.cells.emplace_back();
        for (const Run& run : table.rows[r][c].lines)
          row.cells.back().push_back({run, first.page, widths[c] - (run.right - run.x)});
      }
      push(std::move(row));
    }
    open_.reset();
    last_table_ = &table;
    last_table_page_ = first.page;
    last_table_parent_ = parent;
  }

  // The item that something at this indentation belongs to. Items further right are closed.
  int parent_at(float indent, float size) {
    while (!items_.empty() && indent < items_.back().text_x - kSameIndent * size) items_.pop_back();
    return items_.empty() ? -1 : items_.back().block;
  }

  void add_line(const Line& line) {
    last_table_ = nullptr;
    const std::string text = line.text();
    if (line.mono() && text.size() > 1) return add_code(line);
    if (add_item(line, text) || add_warning(line, text) || add_caption(line, text)) return;
    if (open_ && continues(line)) {
      DraftBlock& block = blocks_.back();
      if (open_->label_only || block.runs.size() == 1) open_->text_x = indent_of(line);
      if (open_->last->page == line.page && open_->last->region == line.region &&
          !open_->label_only)
        open_->pitch = line.bottom() - open_->last->bottom();
      open_->label_only = false;
      place(block, line);
      const bool same_column = open_->last->page == line.page && open_->last->region == line.region;
      open_->lines = same_column ? open_->lines + 1 : 1;
      open_->right = same_column ? std::max(open_->right, line.right()) : line.right();
      open_->last = &line;
      return;
    }
    DraftBlock block{BlockKind::kParagraph};
    block.parent = parent_at(indent_of(line), line.size());
    place(block, line);
    push(std::move(block));
    open(line, indent_of(line));
  }

  void add_code(const Line& line) {
    const bool goes_on = open_ && blocks_.back().kind == BlockKind::kCode &&
                         open_->last->region == line.region && open_->last->page == line.page;
    if (!goes_on) {
      DraftBlock block{BlockKind::kCode};
      block.parent = parent_at(indent_of(line), line.size());
      push(std::move(block));
    }
    place(blocks_.back(), line);
    open(line, indent_of(line));
  }

  bool add_item(const Line& line, const std::string& text) {
    std::optional<Enumerator> item = split_enumerator(text);
    if (!item) item = split_letter(text);
    if (!item || !is_plausible(*item, line)) return false;
    const float x = indent_of(line), em = line.size();
    while (!items_.empty() && x < items_.back().marker_x - kSameIndent * em) items_.pop_back();
    const bool sibling =
        !items_.empty() && std::fabs(x - items_.back().marker_x) <= kSameIndent * em;
    int level = 1;
    if (sibling) {
      level = items_.back().level;
      items_.pop_back();
    } else if (!items_.empty()) {
      level = std::min(items_.back().level + 1, kMaxListLevel);
    }
    const Run& first = line.runs.front();
    const float text_at = first.second_word_x > 0 ? first.second_word_x : first.x + 1.5f * em;
    DraftBlock block{
        item->kind == EnumeratorKind::kNumber ? BlockKind::kStep : BlockKind::kListItem, level,
        item->marker};
    block.parent = items_.empty() ? -1 : items_.back().block;
    place_after(block, line, text.size() - item->rest.size(), text_at);
    const float text_x = x + text_at - first.x;
    items_.push_back({x, text_x, level, push(std::move(block))});
    open(line, text_x);
    return true;
  }

  // A number at a line's start may be the text's own ("... version\n2. Then ..."): within a
  // paragraph it must begin or go on with a numbering.
  bool is_plausible(const Enumerator& item, const Line& line) const {
    if (item.kind == EnumeratorKind::kBullet || !open_ || !continues(line)) return true;
    if (number_of_marker(item.marker) == 1 || item.marker == "a." || item.marker == "a)")
      return true;
    for (const OpenItem& open_item : items_)
      if (step_follows(blocks_[open_item.block].marker, item.marker)) return true;
    return !items_.empty() && item.marker[0] >= 'a' && item.marker[0] <= 'z';
  }

  bool add_warning(const Line& line, const std::string& text) {
    const Run& first = line.runs.front();
    const bool bold_label = first.bold_prefix > 0 && !(open_ && continues(line));
    std::optional<MarkedText> warning = split_warning(text, bold_label);
    const std::optional<std::string> label = warning_word(text);
    const bool set_apart = first.bold || !open_ || !continues(line);
    if (label && set_apart) warning = MarkedText{*label, std::string_view()};
    if (!warning || (!bold_label && !set_apart)) return false;
    DraftBlock block{BlockKind::kWarning};
    block.marker = warning->marker;
    block.parent = parent_at(indent_of(line), line.size());
    if (!warning->rest.empty()) {
      const float x = first.second_word_x > 0 ? first.second_word_x : first.x;
      place_after(block, line, text.size() - warning->rest.size(), x);
    }
    push(std::move(block));
    open(line, indent_of(line), warning->rest.empty());
    return true;
  }

  bool add_caption(const Line& line, const std::string& text) {
    const std::optional<MarkedText> caption = split_caption(text);
    if (!caption || (open_ && continues(line))) return false;
    DraftBlock block{BlockKind::kCaption};
    block.marker = caption->marker;
    block.parent = parent_at(indent_of(line), line.size());
    place_after(block, line, text.size() - caption->rest.size(), line.runs.front().second_word_x);
    push(std::move(block));
    open(line, indent_of(line));
    return true;
  }

  // Whether the line goes on with the open block.
  bool continues(const Line& line) const {
    const Line& last = *open_->last;
    const BlockKind kind = blocks_.back().kind;
    if (kind == BlockKind::kCode || line.mono()) return false;
    const float em = std::max(last.size(), line.size());
    if (std::fabs(last.size() - line.size()) > 0.12f * em) return false;
    const bool same_column = last.page == line.page && last.region == line.region;
    if (open_->label_only) return same_column && line.y() - last.bottom() < 1.5f * em;

    // A block may be narrower than its column: then its own lines tell how far they reach.
    float margin = last.right_margin;
    if (same_column && open_->lines > 1)
      margin = std::min(margin, open_->right + 0.5f * em);
    else if (same_column && std::fabs(last.right() - line.right()) < 0.5f * em)
      margin = last.right();
    const float word = line.runs.front().first_word_right - line.x();
    if (margin - last.right() > word + kRoomSlack * em) return false;
    const float indent = indent_of(line);
    const float shift = indent - open_->text_x;
    if (!same_column) {
      return last.bold() == line.bold() && !ends_sentence(last.text()) &&
             std::fabs(shift) < kFirstLineIndent * em && kind != BlockKind::kCaption;
    }
    const float pitch = line.bottom() - last.bottom();
    const float usual = open_->pitch > 0 ? open_->pitch : 1.12f * body_.pitch * em;
    if (pitch < 0.3f * em || pitch > usual * (1 + kPitchSlack)) return false;
    if (std::fabs(shift) <= kSameIndent * em) return true;
    const float centre = (last.x() + last.right() - line.x() - line.right()) / 2;
    if (kind == BlockKind::kCaption && std::fabs(centre) <= kSameIndent * em) return true;
    // The second line of a paragraph whose first line is indented; of a list item without a
    // hanging indent.
    const bool second_line = blocks_.back().runs.size() <= 1;
    if (shift < 0 && second_line) return -shift < kFirstLineIndent * em;
    return false;
  }

  const std::vector<PageLines>& pages_;
  const std::vector<PageContent>& content_;
  const BodyStyle& body_;
  float body_left_[2] = {0, 0};
  int page_regions_ = 0;
  std::vector<DraftBlock> blocks_;
  std::vector<OpenItem> items_;  // Outermost first.
  std::optional<Open> open_;
  int tables_ = 0;
  const Table* last_table_ = nullptr;  // The last thing that was added, when it was a table.
  const std::vector<TableCell>* header_ = nullptr;
  int last_table_page_ = 0, last_table_parent_ = -1;
};

}  // namespace

std::vector<DraftBlock> make_blocks(const std::vector<PageLines>& pages,
                                    const std::vector<PageContent>& content,
                                    const BodyStyle& body) {
  return Assembler(pages, content, body).run();
}

}  // namespace saseo::layout
