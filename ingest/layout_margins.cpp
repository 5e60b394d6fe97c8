#include "ingest/layout_margins.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <unordered_set>

#include "base/utf8.h"

namespace saseo::layout {
namespace {

constexpr float kMargin = 0.13f;        // Of the page's height, where running lines stand.
constexpr float kNarrowMargin = 0.09f;  // The same in documents of a few pages.
constexpr float kSameHeight = 1.5f;     // Points.
constexpr float kShareOfPages = 0.2f, kShareRepeated = 0.6f;
constexpr std::size_t kLongestNewHead = 80;  // Code points.

bool is_roman(std::u32string_view word) {
  return !word.empty() && word.size() <= 8 && std::ranges::all_of(word, [](char32_t c) {
    return std::u32string_view(U"ivxlcIVXLC").find(c) != std::u32string_view::npos;
  });
}

// Folded, without spaces, each number a '#': what running lines have in common.
std::string masked(std::string_view text) {
  std::string out;
  std::u32string word;
  const auto end_word = [&] {
    if (is_roman(word)) word = U"#";
    bool in_number = false;
    for (const char32_t c : word) {
      if (is_ascii_digit(c) && in_number) continue;
      in_number = is_ascii_digit(c);
      append_utf8(out, in_number ? U'#' : c);
    }
    word.clear();
  };
  for (const char32_t c : to_utf32(fold_for_matching(text))) {
    if (is_space(c))
      end_word();
    else
      word.push_back(c);
  }
  end_word();
  return out;
}

bool is_bare_number(std::string_view text) {
  const std::u32string word = to_utf32(text);
  return (!word.empty() && word.size() <= 4 && std::ranges::all_of(word, is_ascii_digit)) ||
         (is_roman(word) && word.size() <= 5);
}

struct Candidate {
  std::size_t page = 0, line = 0;  // Indices.
  float y = 0, size = 0;
  std::string text;  // Masked.
  std::size_t length = 0;
};

// One height at which lines stand on several pages.
void mark_slot(const std::vector<Candidate>& slot, std::size_t page_count,
               std::set<std::pair<std::size_t, std::size_t>>& running) {
  std::map<std::string, std::set<std::size_t>> pages_of_text;
  std::set<std::size_t> pages;
  for (const Candidate& line : slot) {
    pages_of_text[line.text].insert(line.page);
    pages.insert(line.page);
  }
  const float needed =
      page_count < 4 ? static_cast<float>(page_count) : std::max(3.0f, kShareOfPages * page_count);
  if (page_count < 2 || static_cast<float>(pages.size()) < needed) return;
  std::size_t repeated = 0;
  std::map<long, std::size_t> sizes;
  const auto repeats = [&](const Candidate& line) {
    return pages_of_text[line.text].size() >= std::min<std::size_t>(page_count, 2);
  };
  for (const Candidate& line : slot)
    if (repeats(line)) ++repeated, ++sizes[std::lround(line.size * 2)];
  if (static_cast<float>(repeated) < kShareRepeated * static_cast<float>(slot.size())) return;
  for (const Candidate& line : slot) {
    const bool looks_alike = sizes.contains(std::lround(line.size * 2));
    if (repeats(line) || (looks_alike && line.length <= kLongestNewHead))
      running.insert({line.page, line.line});
  }
}

template <typename Predicate>
void erase_lines(PageLines& page, Predicate unwanted) {
  std::size_t index = 0;
  std::erase_if(page.lines, [&](const Line&) { return unwanted(index++); });
}

// A number below everything else, well apart from it.
void drop_lone_number(PageLines& page) {
  if (page.lines.size() < 2) return;
  auto last = std::ranges::max_element(page.lines, {}, [](const Line& line) { return line.y(); });
  if (!is_bare_number(last->text())) return;
  for (const Line& line : page.lines)
    if (&line != &*last && last->y() - line.bottom() < 2 * (last->bottom() - last->y())) return;
  page.lines.erase(last);
}

}  // namespace

void drop_running_lines(std::vector<PageLines>& pages) {
  const float margin = pages.size() < 4 ? kNarrowMargin : kMargin;
  std::vector<Candidate> candidates;
  for (std::size_t p = 0; p < pages.size(); ++p) {
    for (std::size_t i = 0; i < pages[p].lines.size(); ++i) {
      const Line& line = pages[p].lines[i];
      const bool at_top = line.bottom() < margin * pages[p].height;
      const bool at_bottom = line.y() > (1 - margin) * pages[p].height;
      if (!at_top && !at_bottom) continue;
      const std::string text = line.text();
      // Heights are measured from the nearer edge: pages may differ in size.
      const float y = at_top ? line.y() : line.y() - pages[p].height;
      candidates.push_back({p, i, y, line.size(), masked(text), count_code_points(text)});
    }
  }
  std::ranges::stable_sort(candidates, {}, &Candidate::y);
  std::set<std::pair<std::size_t, std::size_t>> running;
  std::vector<Candidate> slot;
  for (Candidate& candidate : candidates) {
    if (!slot.empty() && candidate.y - slot.back().y > kSameHeight) {
      mark_slot(slot, pages.size(), running);
      slot.clear();
    }
    slot.push_back(std::move(candidate));
  }
  mark_slot(slot, pages.size(), running);

  // Pages that would be left without text have no running lines: slides, forms, labels.
  std::size_t with_text = 0, emptied = 0;
  for (std::size_t p = 0; p < pages.size(); ++p) {
    std::size_t dropped = 0;
    for (std::size_t i = 0; i < pages[p].lines.size(); ++i) dropped += running.contains({p, i});
    with_text += !pages[p].lines.empty();
    emptied += dropped > 0 && dropped == pages[p].lines.size();
  }
  if (emptied * 2 > with_text) running.clear();
  for (std::size_t p = 0; p < pages.size(); ++p) {
    erase_lines(pages[p], [&](std::size_t i) { return running.contains({p, i}); });
    drop_lone_number(pages[p]);
  }
}

bool is_contents_entry(std::string_view text) {
  const std::u32string line = to_utf32(text);
  std::size_t end = line.size();
  while (end > 0 && is_space(line[end - 1])) --end;
  std::size_t number = end;
  while (number > 0 && (is_ascii_digit(line[number - 1]) || is_roman({&line[number - 1], 1})))
    --number;
  if (number == end || end - number > 6) return false;
  std::size_t dots = 0;
  for (std::size_t i = number; i > 0; --i) {
    const char32_t c = line[i - 1];
    if (c == U'.' || c == U'·' || c == U'‥' || c == U'∙')
      ++dots;
    else if (c == U'…' || c == U'⋯')
      dots += 3;
    else if (!is_space(c))
      break;
  }
  return dots >= 4;
}

std::string comparable_title(std::string_view title) {
  std::u32string text = to_utf32(fold_for_matching(trim(title)));
  // "3.3.4 ", "제 3 장 ", "chapter 3. ", "부록 a. "
  std::size_t at = 0;
  const auto skip = [&](auto matches) {
    while (at < text.size() && matches(text[at])) ++at;
  };
  const auto skip_word = [&](std::u32string_view word) {
    const bool there = std::u32string_view(text).substr(at).starts_with(word);
    if (there) at += word.size();
    return there;
  };
  const auto skip_number = [&] {
    skip([](char32_t c) { return is_ascii_digit(c) || c == U'.' || c == U')'; });
  };
  if (skip_word(U"제")) {
    skip(is_space);
    const std::size_t digits = at;
    skip(is_ascii_digit);
    const bool numbered = at > digits;
    skip(is_space);
    if (!numbered ||
        !(skip_word(U"장") || skip_word(U"절") || skip_word(U"편") || skip_word(U"부")))
      at = 0;
  } else if (skip_word(U"chapter ") || skip_word(U"section ") || skip_word(U"part ")) {
    skip_number();
  } else if (skip_word(U"부록 ") || skip_word(U"appendix ")) {
    skip([](char32_t c) { return !is_space(c); });
  }
  skip(is_space);
  skip([](char32_t c) { return c == U'.' || c == U':'; });
  skip_number();
  if (at >= text.size()) at = 0;  // All of it is a number.
  std::string out;
  for (const char32_t c : std::u32string_view(text).substr(at))
    if (!is_space(c)) append_utf8(out, c);
  return out;
}

void drop_contents_pages(std::vector<PageLines>& pages, const PdfHeader& header) {
  std::unordered_set<std::string> titles;
  for (const PdfOutlineEntry& entry : header.outline) titles.insert(comparable_title(entry.title));

  // "Title 12" of the outline, without dots.
  const auto is_outline_entry = [&](const std::string& text) {
    std::string_view title = trim(text);
    std::size_t digits = 0;
    while (digits < title.size() && title[title.size() - 1 - digits] >= '0' &&
           title[title.size() - 1 - digits] <= '9')
      ++digits;
    if (digits == 0 || digits > 4) return false;
    title.remove_suffix(digits);
    return titles.contains(comparable_title(title));
  };
  for (PageLines& page : pages) {
    std::vector<bool> is_entry;
    std::size_t entries = 0;
    for (const Line& line : page.lines) {
      const std::string text = line.text();
      is_entry.push_back(is_contents_entry(text) || is_outline_entry(text));
      entries += is_entry.back();
    }
    const std::size_t others = page.lines.size() - entries;
    if (entries < 2 || (titles.empty() && entries < others)) continue;
    // On a page that is a table of contents the rest is its title and entries over two lines.
    const bool whole_page = entries >= others;
    erase_lines(page, [&](std::size_t i) { return whole_page || is_entry[i]; });
  }
}

}  // namespace saseo::layout
