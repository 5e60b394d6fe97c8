#include "ingest/layout_headings.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/utf8.h"
#include "ingest/block_markers.h"

namespace saseo::layout {
namespace {

constexpr float kLarger = 1.09f;              // Of the body's size: larger than a rounding error.
constexpr std::size_t kMaxLines = 3;          // A heading that wraps.
constexpr std::size_t kLongest = 120;         // Code points of a heading found by its style.
constexpr std::size_t kLongestNumbered = 60;  // Of one found by its number.
constexpr int kMaxHeadingLevel = 6;

// Half points: fonts of one style differ by rounding.
long size_key(float size) { return std::lround(size * 2); }

struct Style {
  long size = 0;
  bool bold = false;
  friend bool operator==(const Style&, const Style&) = default;
  // Larger first, bold before regular.
  friend bool operator<(const Style& a, const Style& b) {
    return a.size != b.size ? a.size > b.size : a.bold > b.bold;
  }
};

Style style_of(const Line& line) { return {size_key(line.size()), line.bold()}; }

bool same_style(const Line& a, const Line& b) {
  return std::fabs(a.size() - b.size()) < 0.6f && a.bold() == b.bold() && a.region == b.region;
}

bool ends_like_a_sentence(std::string_view text) {
  return text.ends_with(".") || text.ends_with(",") || text.ends_with(";") ||
         text.ends_with("다") || text.ends_with("요");
}

bool has_letters(std::string_view text) {
  const std::u32string all = to_utf32(text);
  return std::ranges::count_if(all, [](char32_t c) {
           return is_letter_or_digit(c) && !(c >= U'0' && c <= U'9');
         }) >= 2;
}

// "제21조 경기 시간", "3.2 Charging": a section's number and then words.
bool is_numbered_title(std::string_view text) {
  const std::u32string all = to_utf32(text);
  std::size_t at = 0;
  const auto is_digit = [&](std::size_t i) {
    return i < all.size() && all[i] >= U'0' && all[i] <= U'9';
  };
  if (!all.empty() && all[0] == U'제') {
    for (at = 1; at < all.size() && is_space(all[at]);) ++at;
    if (!is_digit(at)) return false;
    while (is_digit(at)) ++at;
    while (at < all.size() && is_space(all[at])) ++at;
    if (at >= all.size() ||
        std::u32string_view(U"장절관조편부").find(all[at]) == std::u32string_view::npos)
      return false;
    ++at;
    return at == all.size() || is_space(all[at]) || all[at] == U'(' || all[at] == U'.';
  }
  std::size_t parts = 0;
  while (is_digit(at)) {
    while (is_digit(at)) ++at;
    ++parts;
    if (at < all.size() && all[at] == U'.') ++at;
  }
  return parts >= 2 && at < all.size() && is_space(all[at]);
}

class HeadingFinder {
 public:
  HeadingFinder(const std::vector<PageLines>& pages, const std::vector<std::vector<bool>>& in_table,
                const PdfHeader& header, const BodyStyle& body)
      : pages_(pages), in_table_(in_table), body_(body), found_(pages.size()) {
    for (const PdfOutlineEntry& entry : header.outline) {
      std::string title = comparable_title(entry.title);
      if (!title.empty()) outline_[std::move(title)].push_back(entry.level);
    }
  }

  std::vector<std::vector<Heading>> find() {
    for (std::size_t p = 0; p < pages_.size(); ++p) {
      const std::vector<Line>& lines = pages_[p].lines;
      for (std::size_t i = 0; i < lines.size();) {
        const std::optional<Heading> heading = heading_at(p, i);
        if (heading) found_[p].push_back(*heading);
        i += heading ? heading->line_count : 1;
      }
    }
    set_levels();
    return std::move(found_);
  }

 private:
  // Whether line i stands out from running text: larger, or bold in a regular document.
  bool stands_out(const Line& line) const {
    return line.size() >= kLarger * body_.size ||
           (line.bold() && !body_.bold && line.size() >= 0.95f * body_.size);
  }

  // White above line i, in pitches; large at the top of a column.
  float space_above(std::size_t p, std::size_t i) const {
    const std::vector<Line>& lines = pages_[p].lines;
    if (i == 0 || lines[i - 1].region != lines[i].region) return 9;
    return (lines[i].bottom() - lines[i - 1].bottom()) /
           (body_.pitch * std::max(lines[i].size(), body_.size));
  }

  bool continues(std::size_t p, std::size_t i) const {
    const std::vector<Line>& lines = pages_[p].lines;
    return i + 1 < lines.size() && !in_table_[p][i + 1] && same_style(lines[i], lines[i + 1]) &&
           lines[i + 1].y() - lines[i].bottom() < 0.8f * lines[i].size() &&
           !split_enumerator(lines[i + 1].text());
  }

  std::optional<Heading> heading_at(std::size_t p, std::size_t i) {
    const std::vector<Line>& lines = pages_[p].lines;
    if (in_table_[p][i] || lines[i].mono()) return std::nullopt;
    if (auto heading = outline_heading_at(p, i)) return heading;
    return styled_heading_at(p, i);
  }

  std::optional<Heading> outline_heading_at(std::size_t p, std::size_t i) {
    const std::vector<Line>& lines = pages_[p].lines;
    const bool apart = stands_out(lines[i]) || space_above(p, i) > 1.25f;
    if (outline_.empty() || !apart) return std::nullopt;
    std::string text;
    for (std::size_t count = 1; count <= kMaxLines && i + count <= lines.size(); ++count) {
      if (count > 1) text.push_back(' ');
      text.append(lines[i + count - 1].text());
      const auto entry = outline_.find(comparable_title(text));
      if (entry != outline_.end()) {
        // Titles that come more than once ("Overview") are used up in the outline's order.
        std::size_t& used = used_[entry->first];
        if (used >= entry->second.size() && !stands_out(lines[i])) return std::nullopt;
        const int level = entry->second[std::min(used++, entry->second.size() - 1)];
        level_of_style_.try_emplace(style_of(lines[i]), level);
        return Heading{i, count, std::min(level, kMaxHeadingLevel)};
      }
      if (i + count >= lines.size() || in_table_[p][i + count] ||
          lines[i + count].region != lines[i].region)
        break;
    }
    return std::nullopt;
  }

  std::optional<Heading> styled_heading_at(std::size_t p, std::size_t i) {
    const std::vector<Line>& lines = pages_[p].lines;
    const Line& line = lines[i];
    if (line.runs.size() > 2) return std::nullopt;
    if (!stands_out(line)) return numbered_heading_at(p, i);
    std::size_t count = 1;
    std::string text = line.text();
    while (count < kMaxLines && continues(p, i + count - 1)) {
      text.push_back(' ');
      text.append(lines[i + count].text());
      ++count;
    }
    if (continues(p, i + count - 1)) return std::nullopt;  // A paragraph in large print.
    const bool larger = line.size() >= kLarger * body_.size;
    if (count_code_points(text) > kLongest || !has_letters(text) || ends_like_a_sentence(text))
      return std::nullopt;
    if (warning_word(text) || split_warning(text) || split_caption(text)) return std::nullopt;
    // Bold words of the body's size: only a line of its own, with white above, and no list item.
    if (!larger && (space_above(p, i) < 1.2f || text.ends_with(":") || is_list_item(text)))
      return std::nullopt;
    return Heading{i, count, 0};
  }

  // In body print a section's number makes a heading of a short line that nothing continues.
  std::optional<Heading> numbered_heading_at(std::size_t p, std::size_t i) const {
    const std::vector<Line>& lines = pages_[p].lines;
    const Line& line = lines[i];
    const std::string text = line.text();
    if (line.runs.size() > 1 || space_above(p, i) < 1.2f || !is_numbered_title(text) ||
        count_code_points(text) > kLongestNumbered || ends_like_a_sentence(text) ||
        !has_letters(text))
      return std::nullopt;
    if (i + 1 < lines.size() && lines[i + 1].region == line.region &&
        space_above(p, i + 1) < 1.2f) {
      const Run& next = lines[i + 1].runs.front();
      const float room = line.right_margin - line.right();
      if (room < next.first_word_right - next.x + line.size()) return std::nullopt;
    }
    return Heading{i, 1, 0};
  }

  // Numbered headings look like list items: "1. Safety" in bold stays a heading.
  static bool is_list_item(std::string_view text) {
    const auto item = split_enumerator(text);
    return item && item->kind == EnumeratorKind::kBullet;
  }

  // Headings found by style take the level that the outline gives their style, else one below the
  // next larger style.
  void set_levels() {
    std::map<Style, int> levels;
    for (std::size_t p = 0; p < pages_.size(); ++p)
      for (const Heading& heading : found_[p])
        levels.emplace(style_of(pages_[p].lines[heading.line]), 0);
    int above = 0;
    for (auto& [style, level] : levels) {
      const auto known = level_of_style_.find(style);
      level =
          known != level_of_style_.end() ? known->second : std::min(above + 1, kMaxHeadingLevel);
      above = std::max(above, level);
    }
    for (std::size_t p = 0; p < pages_.size(); ++p)
      for (Heading& heading : found_[p])
        if (heading.level == 0) heading.level = levels[style_of(pages_[p].lines[heading.line])];
  }

  const std::vector<PageLines>& pages_;
  const std::vector<std::vector<bool>>& in_table_;
  const BodyStyle& body_;
  std::unordered_map<std::string, std::vector<int>> outline_;  // Comparable title -> levels.
  std::unordered_map<std::string, std::size_t> used_;
  std::map<Style, int> level_of_style_;  // As the outline tells.
  std::vector<std::vector<Heading>> found_;
};

}  // namespace

BodyStyle body_style_of(const std::vector<PageLines>& pages) {
  std::map<long, std::size_t> by_size;
  std::size_t bold = 0, all = 0;
  for (const PageLines& page : pages) {
    for (const Line& line : page.lines) {
      for (const Run& run : line.runs) {
        by_size[size_key(run.size)] += run.characters;
        bold += run.bold ? run.characters : 0;
        all += run.characters;
      }
    }
  }
  BodyStyle body;
  if (all == 0) return body;
  body.size =
      std::ranges::max_element(by_size, {}, [](const auto& entry) { return entry.second; })->first /
      2.0f;
  body.bold = bold * 2 > all;

  // The pitch: the most frequent distance between lines of the body, in hundredths of its size.
  std::map<long, std::size_t> pitches;
  for (const PageLines& page : pages) {
    for (std::size_t i = 1; i < page.lines.size(); ++i) {
      const Line &a = page.lines[i - 1], &b = page.lines[i];
      if (a.region != b.region || size_key(a.size()) != size_key(body.size) ||
          size_key(b.size()) != size_key(body.size))
        continue;
      const float pitch = (b.main_run().bottom - a.main_run().bottom) / body.size;
      if (pitch > 0.9f && pitch < 2.6f) ++pitches[std::lround(pitch * 20)];
    }
  }
  if (!pitches.empty())
    body.pitch =
        std::ranges::max_element(pitches, {}, [](const auto& entry) { return entry.second; })
            ->first /
        20.0f;
  return body;
}

std::vector<std::vector<Heading>> find_headings(const std::vector<PageLines>& pages,
                                                const std::vector<std::vector<bool>>& in_table,
                                                const PdfHeader& header, const BodyStyle& body) {
  return HeadingFinder(pages, in_table, header, body).find();
}

}  // namespace saseo::layout
