// Plain text has no marks, only habits: blank lines part paragraphs, numbers and underlines mark
// headings, signs and numbers begin items. Each rule here asks for two signs before it believes.
#include <algorithm>
#include <vector>

#include "base/utf8.h"
#include "ingest/block_markers.h"
#include "ingest/document_builder.h"
#include "ingest/text_headings.h"
#include "ingest/text_readers.h"

namespace saseo {
namespace {

struct Line {
  std::string_view text;   // Trimmed.
  std::size_t indent = 0;  // Columns; a tab goes to the next multiple of 4.
  std::string_view raw;
  bool blank() const { return text.empty(); }
};

std::vector<Line> split_lines(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    Line line;
    line.raw = text.substr(begin, end - begin);
    for (const char c : line.raw) {
      if (c == ' ') {
        ++line.indent;
      } else if (c == '\t') {
        line.indent = (line.indent / 4 + 1) * 4;
      } else {
        break;
      }
    }
    line.text = trim(line.raw);
    lines.push_back(line);
    begin = end + 1;
  }
  return lines;
}

// A line's cells when it is parted by tabs, bars or runs of three spaces and more.
std::vector<std::string> split_cells(std::string_view line) {
  std::vector<std::string> cells;
  const bool bars = std::ranges::count(line, '|') >= 1;
  if (bars) {
    if (line.starts_with('|')) line.remove_prefix(1);
    if (line.ends_with('|')) line.remove_suffix(1);
  }
  std::string cell;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t gap = 0;
    if (bars) {
      gap = line[i] == '|' ? 1 : 0;
    } else {
      std::size_t end = i;
      bool tab = false;
      while (end < line.size() && (line[end] == ' ' || line[end] == '\t')) {
        tab = tab || line[end] == '\t';
        ++end;
      }
      gap = tab || end - i >= 3 ? end - i : 0;
    }
    if (gap > 0) {
      cells.push_back(collapse_spaces(cell));
      cell.clear();
      i += gap;
    } else {
      cell.push_back(line[i++]);
    }
  }
  cells.push_back(collapse_spaces(cell));
  return cells;
}

bool is_rule(std::string_view text) {
  return text.size() >= 3 && text.find_first_not_of("-=+|: _*~") == std::string_view::npos;
}

constexpr std::size_t kLabelLine = 40;  // Code points; a longer line is wrapped text.

// "모델명: DP-X100": a line of its own on covers and in lists of data.
bool is_label_line(std::string_view line) {
  const std::size_t colon = line.find(": ");
  return colon != std::string_view::npos && count_code_points(line.substr(0, colon)) <= 20 &&
         count_code_points(line) <= kLabelLine;
}

class TextWalker {
 public:
  explicit TextWalker(std::string_view text)
      : lines_(split_lines(text)), builder_(DocumentKind::kText) {}

  DocumentBuilder& builder() { return builder_; }
  void walk();

 private:
  struct OpenItem {
    std::size_t indent;
    int block;
  };

  bool blank_at(std::size_t i) const { return i >= lines_.size() || lines_[i].blank(); }
  bool take_table();
  bool take_heading();
  void take_item(const Enumerator& item);
  void take_paragraph();
  enum class Joined { kItem, kWarning, kParagraph };
  std::string join_from(std::string_view first, std::size_t indent, Joined kind);
  BlockTraits traits_at(std::size_t indent);

  std::vector<Line> lines_;
  std::size_t at_ = 0;
  DocumentBuilder builder_;
  std::vector<OpenItem> items_;  // The items that the next line may belong to, outermost first.
};

void TextWalker::walk() {
  while (at_ < lines_.size()) {
    const Line& line = lines_[at_];
    if (line.blank() || is_rule(line.text)) {
      ++at_;
      continue;
    }
    if (take_heading() || take_table()) continue;
    if (const auto item = split_enumerator(line.text)) {
      take_item(*item);
    } else {
      take_paragraph();
    }
  }
}

bool TextWalker::take_heading() {
  const Line& line = lines_[at_];
  const bool after_gap = at_ == 0 || lines_[at_ - 1].blank() || is_rule(lines_[at_ - 1].text);
  int level = 0;
  std::size_t taken = 1;
  if (at_ + 1 < lines_.size() && after_gap)
    level = underline_level(line.text, lines_[at_ + 1].text);
  if (level > 0) {
    taken = 2;
  } else {
    // "1. 전원을 켭니다." followed by "2. ..." is a list; a heading stands alone.
    const bool alone = after_gap && blank_at(at_ + 1);
    level = numbered_heading_level(line.text, alone);
    if (level == 0 && alone && is_capital_heading(line.text)) level = 2;
  }
  if (level == 0) return false;
  items_.clear();
  builder_.add(BlockKind::kHeading, line.text, {.level = level});
  at_ += taken;
  return true;
}

// Three lines and more with the same number of cells, at least two, are a table.
bool TextWalker::take_table() {
  const std::size_t columns = split_cells(lines_[at_].text).size();
  if (columns < 2) return false;
  std::vector<std::vector<std::string>> rows;
  std::size_t end = at_;
  for (; end < lines_.size() && !lines_[end].blank(); ++end) {
    if (is_rule(lines_[end].text)) continue;
    std::vector<std::string> cells = split_cells(lines_[end].text);
    if (cells.size() != columns) break;
    rows.push_back(std::move(cells));
  }
  if (rows.size() < 3) return false;
  BlockTraits traits = traits_at(lines_[at_].indent);
  traits.table = builder_.new_table();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    builder_.add_row(i == 0 ? BlockKind::kTableHeader : BlockKind::kTableRow, rows[i], traits);
  }
  at_ = end;
  return true;
}

// The items that a line at this indentation belongs to stay open.
BlockTraits TextWalker::traits_at(std::size_t indent) {
  while (!items_.empty() && items_.back().indent >= indent) items_.pop_back();
  BlockTraits traits;
  traits.level = static_cast<int>(std::min<std::size_t>(items_.size(), 30)) + 1;
  if (!items_.empty()) traits.parent = items_.back().block;
  return traits;
}

// Joins hard-wrapped lines, up to a blank line or one that begins something else.
std::string TextWalker::join_from(std::string_view first, std::size_t indent, Joined kind) {
  std::string text(first);
  while (++at_ < lines_.size()) {
    const Line& line = lines_[at_];
    if (line.blank() || is_rule(line.text) || split_enumerator(line.text) ||
        split_warning(line.text) || split_caption(line.text)) {
      break;
    }
    if (kind == Joined::kItem && line.indent < indent) break;
    if (kind == Joined::kParagraph &&
        (is_label_line(line.text) || is_label_line(lines_[at_ - 1].text))) {
      break;
    }
    if (numbered_heading_level(line.text, false) > 0) break;
    if (split_cells(line.text).size() > 2) break;
    text.push_back(' ');
    text.append(line.text);
  }
  return text;
}

void TextWalker::take_item(const Enumerator& item) {
  const std::size_t indent = lines_[at_].indent;
  BlockTraits traits = traits_at(indent);
  traits.marker = item.marker;
  const BlockKind kind =
      item.kind == EnumeratorKind::kNumber ? BlockKind::kStep : BlockKind::kListItem;
  const int block =
      builder_.add(kind, join_from(item.rest, indent, Joined::kItem), std::move(traits));
  if (block >= 0) items_.push_back({indent, block});
}

void TextWalker::take_paragraph() {
  const std::size_t indent = lines_[at_].indent;
  const std::string_view first = lines_[at_].text;
  BlockTraits traits = traits_at(indent);
  traits.level = std::max(1, traits.level - 1);
  if (const auto warning = split_warning(first)) {
    traits.marker = warning->marker;
    builder_.add(BlockKind::kWarning, join_from(warning->rest, indent, Joined::kWarning),
                 std::move(traits));
  } else if (const auto caption = split_caption(first)) {
    traits.marker = caption->marker;
    ++at_;
    builder_.add(BlockKind::kCaption, caption->rest, std::move(traits));
  } else {
    builder_.add(BlockKind::kParagraph, join_from(first, indent, Joined::kParagraph),
                 std::move(traits));
  }
}

}  // namespace

Document read_text(std::string_view bytes) {
  const DecodedText decoded = decode_text(bytes);
  TextWalker walker(decoded.text);
  walker.walk();
  if (decoded.repaired) {
    walker.builder().warn(
        "bad-bytes", message("some bytes fit no charset and were replaced",
                             "어떤 문자 집합에도 맞지 않는 바이트를 대체 문자로 바꾸었습니다"));
  }
  return std::move(walker.builder()).finish();
}

}  // namespace saseo
