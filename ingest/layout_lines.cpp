#include "ingest/layout_lines.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/utf8.h"

namespace saseo::layout {
namespace {

// In font sizes. Adjacent words without a space touch; poppler ends its lines at about 1.
constexpr float kTouching = 0.12f, kSameRun = 0.72f, kWidestSpace = 2.0f;
constexpr float kMarkerGap = 3.0f;       // Between a list marker and its text.
constexpr float kSmallestGutter = 5.5f;  // Points.
constexpr float kColumnFill = 0.55f;     // Median width of a column's lines, of the column's width.
constexpr std::size_t kColumnLines = 4;
constexpr int kMaxColumnDepth = 3;

struct FontStyle {
  bool bold = false, mono = false;
};

bool contains_any(std::string_view name, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

FontStyle style_of(std::string_view font) {
  const std::string name = fold_for_matching(font);
  FontStyle style;
  style.bold = contains_any(name, {"bold", "black", "heavy", "semibold", "demi", "-bd", "cmbx"}) ||
               name.ends_with("eb");
  style.mono = contains_any(name, {"mono", "courier", "consol", "coding", "typewriter", "cmtt"});
  return style;
}

bool same_row(const Run& a, const Run& b) {
  return std::fabs(a.middle() - b.middle()) < 0.5f * std::min(a.height(), b.height());
}

// A bullet, a step number or a section number, which may stand well apart from its text.
bool is_marker(const Run& run) {
  const std::u32string text = to_utf32(run.text);
  if (text.size() > 9) return false;
  if (text.size() <= 2 && !is_letter_or_digit(text[0]) && text[0] > 0x7F) return true;
  if (text == U"-" || text == U"*" || text == U"o") return true;
  if (text.size() == 1 &&
      ((text[0] >= 0x2460 && text[0] <= 0x24FF) || (text[0] >= 0x2776 && text[0] <= 0x2793)))
    return true;
  // "1." "12)" "(3)" "가." "a)" "3.3.1"
  const char32_t last = text.back();
  const bool closed = last == U'.' || last == U')';
  bool dotted = false;
  std::size_t letters = 0;
  for (const char32_t c : text) {
    if (c == U'.') dotted = true;
    if (is_letter_or_digit(c) && !(c >= U'0' && c <= U'9')) ++letters;
    if (!is_letter_or_digit(c) && c != U'.' && c != U')' && c != U'(') return false;
  }
  return letters <= 1 && (closed || (dotted && letters == 0));
}

class RunBuilder {
 public:
  explicit RunBuilder(const PdfPage& page) {
    for (const std::string& font : page.fonts) styles_.push_back(style_of(font));
    for (const PdfWord& word : page.words) add(word);
    flush();
  }
  std::vector<Run> take() { return std::move(runs_); }

 private:
  void add(const PdfWord& word) {
    if (word.hidden || word.rotation != 0 || word.height <= 0) return;
    const std::string text = collapse_spaces(word.text);
    if (text.empty()) return;
    const FontStyle style = word.font < styles_.size() ? styles_[word.font] : FontStyle{};
    const float size = word.font_size > 0 ? word.font_size : word.height;
    Run piece{text, word.x, word.y, word.right(), word.bottom(), size, style.bold, style.mono};
    piece.first_word_right = word.right();
    piece.characters = static_cast<std::uint32_t>(count_code_points(text));

    const float gap = word.x - run_.right;
    const float em = std::max(size, run_.size);
    const bool follows = !run_.text.empty() && same_row(run_, piece) && gap > -0.6f * em &&
                         word.right() > run_.x &&
                         gap < (space_after_ ? kWidestSpace : kTouching) * em;
    if (!follows) flush();
    append(piece, space_after_ || gap > kTouching * em);
    space_after_ = word.space_after;
  }

  void append(const Run& piece, bool spaced) {
    bold_ += piece.bold ? piece.characters : 0;
    mono_ += piece.mono ? piece.characters : 0;
    if (run_.text.empty()) {
      run_ = piece;
      largest_ = piece.characters;
      prefix_open_ = true;
    } else {
      if (spaced) {
        run_.text.push_back(' ');
        if (run_.second_word_x == 0) run_.second_word_x = piece.x;
      } else if (run_.second_word_x == 0) {
        run_.first_word_right = piece.right;
      }
      run_.text += piece.text;
      run_.x = std::min(run_.x, piece.x);
      run_.right = std::max(run_.right, piece.right);
      // A footnote sign or an odd font must not make the line taller than its text.
      if (piece.characters > largest_) {
        largest_ = piece.characters;
        run_.size = piece.size;
      }
      run_.y = std::min(run_.y, piece.y);
      run_.bottom = std::max(run_.bottom, piece.bottom);
      run_.characters += piece.characters;
    }
    prefix_open_ = prefix_open_ && piece.bold;
    if (prefix_open_) run_.bold_prefix = run_.text.size();
  }

  void flush() {
    if (!run_.text.empty()) {
      run_.bold = bold_ * 10 >= run_.characters * 9;
      run_.mono = mono_ * 10 >= run_.characters * 9;
      if (run_.bold) run_.bold_prefix = 0;
      runs_.push_back(std::move(run_));
    }
    run_ = {};
    bold_ = mono_ = largest_ = 0;
    space_after_ = false;
  }

  std::vector<FontStyle> styles_;
  std::vector<Run> runs_;
  Run run_;
  std::uint32_t bold_ = 0, mono_ = 0, largest_ = 0;
  bool space_after_ = false, prefix_open_ = false;
};

void merge_into(Run& run, Run next, bool spaced) {
  if (spaced) run.text.push_back(' ');
  if (run.second_word_x == 0) run.second_word_x = next.x;
  if (run.bold && !next.bold) run.bold_prefix = run.text.size() - (spaced ? 1 : 0);
  run.text += next.text;
  if (next.characters > run.characters) run.size = next.size;
  run.bold = run.bold && next.bold;
  run.mono = run.mono && next.mono;
  run.y = std::min(run.y, next.y);
  run.bottom = std::max(run.bottom, next.bottom);
  run.right = std::max(run.right, next.right);
  run.characters += next.characters;
}

struct ColumnExtent {
  float left = 0, right = 0;
};

// Rows of one column: runs at one height, left to right, with close neighbours joined.
void add_rows(std::vector<Run> runs, const ColumnExtent& region, int page, int& region_number,
              std::vector<Line>& out) {
  if (runs.empty()) return;
  std::ranges::stable_sort(runs, {}, &Run::middle);
  std::vector<std::vector<Run>> rows;
  for (Run& run : runs) {
    if (!rows.empty() && same_row(rows.back().front(), run))
      rows.back().push_back(std::move(run));
    else
      rows.push_back({std::move(run)});
  }
  for (std::vector<Run>& row : rows) {
    std::ranges::stable_sort(row, {}, &Run::x);
    Line line{page, region_number, region.left, region.right, {}};
    for (Run& run : row) {
      if (!line.runs.empty()) {
        Run& before = line.runs.back();
        const float gap = run.x - before.right, em = std::max(run.size, before.size);
        const bool after_marker =
            line.runs.size() == 1 && is_marker(before) && gap < kMarkerGap * em;
        if (gap < kSameRun * em || after_marker) {
          merge_into(before, std::move(run), gap > kTouching * em || after_marker);
          continue;
        }
      }
      line.runs.push_back(std::move(run));
    }
    out.push_back(std::move(line));
  }
  ++region_number;
}

// The middle of a gutter that parts the runs into two columns of text, if there is one.
std::optional<float> find_gutter(const std::vector<Run>& runs, const ColumnExtent& region) {
  const int width = static_cast<int>(region.right - region.left);
  if (runs.size() < 2 * kColumnLines || width < 100 || width > 20000) return std::nullopt;
  std::vector<int> crossings(static_cast<std::size_t>(width) + 2);
  for (const Run& run : runs) {
    const auto bin = [&](float x) {
      return std::clamp(static_cast<int>(std::lround(x - region.left)), 0, width);
    };
    ++crossings[bin(run.x)];
    --crossings[bin(run.right) + 1];
  }
  for (std::size_t i = 1; i < crossings.size(); ++i) crossings[i] += crossings[i - 1];

  const int allowed = static_cast<int>(runs.size() / 7);
  const int slack = 1 + static_cast<int>(runs.size() / 40);  // A page number in the gutter.
  float best = 0, best_width = kSmallestGutter;
  for (int x = width / 5, begin = -1; x <= width * 4 / 5; ++x) {
    const bool open = crossings[x] <= allowed;
    if (open && begin < 0) begin = x;
    const bool ends = begin >= 0 && (!open || x == width * 4 / 5);
    if (!ends) continue;
    // The narrowest part counts: a short last line widens a gutter, a heading closes it.
    int fewest = allowed + 1, from = begin, to = begin, since = begin;
    for (int i = begin; i < x; ++i) fewest = std::min(fewest, crossings[i]);
    fewest += slack;
    for (int i = begin; i <= x; ++i) {
      if (i < x && crossings[i] <= fewest) continue;
      if (i - since > to - from) from = since, to = i;
      since = i + 1;
    }
    if (static_cast<float>(to - from) > best_width) {
      best_width = static_cast<float>(to - from);
      best = region.left + (from + to) / 2.0f;
    }
    begin = -1;
  }
  if (best == 0) return std::nullopt;

  std::vector<float> left_widths, right_widths;
  float left_end = region.left, right_begin = region.right;
  for (const Run& run : runs) {
    if (run.right <= best)
      left_widths.push_back(run.right - run.x), left_end = std::max(left_end, run.right);
    if (run.x >= best)
      right_widths.push_back(run.right - run.x), right_begin = std::min(right_begin, run.x);
  }
  const auto filled = [](std::vector<float>& widths, float column) {
    if (widths.size() < kColumnLines || column <= 0) return false;
    std::ranges::nth_element(widths, widths.begin() + widths.size() / 2);
    return widths[widths.size() / 2] >= kColumnFill * column;
  };
  if (!filled(left_widths, left_end - region.left) ||
      !filled(right_widths, region.right - right_begin))
    return std::nullopt;
  return best;
}

ColumnExtent extent_of(const std::vector<Run>& runs) {
  ColumnExtent region{runs.front().x, runs.front().right};
  for (const Run& run : runs) {
    region.left = std::min(region.left, run.x);
    region.right = std::max(region.right, run.right);
  }
  return region;
}

void add_region(std::vector<Run> runs, int page, int depth, int& region_number,
                std::vector<Line>& out) {
  if (runs.empty()) return;
  const ColumnExtent region = extent_of(runs);
  const std::optional<float> gutter =
      depth < kMaxColumnDepth ? find_gutter(runs, region) : std::nullopt;
  if (!gutter) return add_rows(std::move(runs), region, page, region_number, out);

  std::ranges::stable_sort(runs, {}, &Run::middle);
  std::vector<Run> left, right, across;
  const auto read_band = [&] {
    add_rows(std::move(across), region, page, region_number, out);
    add_region(std::move(left), page, depth + 1, region_number, out);
    add_region(std::move(right), page, depth + 1, region_number, out);
    left.clear(), right.clear(), across.clear();
  };
  for (Run& run : runs) {
    if (run.right <= *gutter) {
      left.push_back(std::move(run));
    } else if (run.x >= *gutter) {
      right.push_back(std::move(run));
    } else {
      if (!left.empty() || !right.empty()) read_band();
      across.push_back(std::move(run));
    }
  }
  read_band();
}

}  // namespace

const Run& Line::main_run() const { return *std::ranges::max_element(runs, {}, &Run::characters); }

float Line::y() const { return std::ranges::min_element(runs, {}, &Run::y)->y; }

float Line::bottom() const { return std::ranges::max_element(runs, {}, &Run::bottom)->bottom; }

bool Line::bold() const { return std::ranges::all_of(runs, &Run::bold); }

bool Line::mono() const { return std::ranges::all_of(runs, &Run::mono); }

std::string Line::text() const {
  std::string out;
  for (const Run& run : runs) {
    if (!out.empty()) out.push_back(' ');
    out += run.text;
  }
  return out;
}

std::vector<Line> lines_of(const PdfPage& page) {
  std::vector<Line> lines;
  int region_number = 0;
  add_region(RunBuilder(page).take(), page.number, 0, region_number, lines);
  return lines;
}

}  // namespace saseo::layout
