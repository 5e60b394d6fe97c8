#include "generation/citation_marks.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/utf8.h"

namespace saseo {
namespace {

constexpr std::size_t kMaxBytes = 64;  // Longer brackets hold something else.
constexpr int kMaxNumber = 999;
constexpr int kMaxRange = 50;

constexpr std::array<std::u32string_view, 12> kLabels = {
    U"출처", U"대목", U"문서",    U"자료",   U"참고", U"참조",
    U"근거", U"구절", U"passage", U"source", U"ref",  U"citation"};

bool closes_citation(char32_t c) { return c == U']' || c == U'］' || c == U'】' || c == U'〕'; }
bool is_separator(char32_t c) {
  return c == U',' || c == U'，' || c == U'、' || c == U';' || c == U'·' || c == U'&' ||
         is_space(c);
}
bool is_range_mark(char32_t c) {
  return c == U'-' || c == U'–' || c == U'—' || c == U'~' || c == U'～' || c == U'∼';
}
std::optional<int> digit(char32_t c) {
  if (c >= U'0' && c <= U'9') return static_cast<int>(c - U'0');
  if (c >= U'０' && c <= U'９') return static_cast<int>(c - U'０');
  return std::nullopt;
}
char32_t lower(char32_t c) { return c >= U'A' && c <= U'Z' ? c + 32 : c; }

// What stands between the brackets, as far as it has come. Gives its numbers; nullopt when it is
// no list of numbers.
std::optional<std::vector<int>> read_numbers(std::u32string_view text) {
  std::vector<int> numbers;
  const auto add = [&](int number) {
    if (std::ranges::find(numbers, number) == numbers.end()) numbers.push_back(number);
  };
  int range_from = -1;
  bool after_number = false;
  for (std::size_t i = 0; i < text.size();) {
    if (const auto first = digit(text[i])) {
      int number = 0;
      for (; i < text.size() && digit(text[i]); ++i) {
        number = number * 10 + *digit(text[i]);
        if (number > kMaxNumber) return std::nullopt;
      }
      if (range_from >= 0 && number >= range_from && number - range_from <= kMaxRange) {
        for (int n = range_from; n < number; ++n) add(n);
      }
      add(number);
      range_from = -1;
      after_number = true;
      continue;
    }
    if (is_range_mark(text[i]) && after_number) {
      range_from = numbers.back();
      after_number = false;
    } else if (!is_separator(text[i])) {
      return std::nullopt;
    }
    ++i;
  }
  return numbers;
}

// Takes a label and what parts it from the numbers off the front. False when the text is neither a
// label nor the beginning of one; `partial` then tells that more of it may come.
bool skip_label(std::u32string_view& text, bool& partial) {
  while (!text.empty() && (is_space(text.front()) || text.front() == U'^')) text.remove_prefix(1);
  if (text.empty() || digit(text.front())) return true;
  for (const std::u32string_view label : kLabels) {
    std::size_t same = 0;
    while (same < label.size() && same < text.size() && lower(text[same]) == label[same]) ++same;
    if (same < label.size()) {
      partial = partial || same == text.size();
      continue;
    }
    text.remove_prefix(same);
    while (!text.empty() && (is_space(text.front()) || lower(text.front()) == U's' ||
                             text.front() == U':' || text.front() == U'.' || text.front() == U'#'))
      text.remove_prefix(1);
    return true;
  }
  return false;
}

}  // namespace

bool opens_citation(char32_t c) { return c == U'[' || c == U'［' || c == U'【' || c == U'〔'; }

CitationMark read_citation_mark(std::string_view text) {
  std::u32string inside;
  std::size_t end = decode_utf8(text, 0).length;
  bool closed = false;
  while (end < text.size() && end < kMaxBytes && !closed) {
    const DecodedCodePoint c = decode_utf8(text, end);
    if (!c.valid) return {};
    closed = closes_citation(c.code_point);
    if (!closed) inside.push_back(c.code_point);
    end += c.length;
  }
  std::u32string_view rest = inside;
  bool partial_label = false;
  if (!skip_label(rest, partial_label)) {
    return {partial_label && !closed ? CitationMark::Kind::kPartial : CitationMark::Kind::kNone};
  }
  std::optional<std::vector<int>> numbers = read_numbers(rest);
  if (!numbers) return {};
  if (!closed) {
    return {end < kMaxBytes ? CitationMark::Kind::kPartial : CitationMark::Kind::kNone};
  }
  if (numbers->empty()) return {};
  return {CitationMark::Kind::kWhole, end, std::move(*numbers)};
}

std::string without_citations(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const DecodedCodePoint c = decode_utf8(text, i);
    if (opens_citation(c.code_point)) {
      const CitationMark mark = read_citation_mark(text.substr(i));
      if (mark.kind == CitationMark::Kind::kWhole) {
        while (out.ends_with(' ')) out.pop_back();
        i += mark.size;
        continue;
      }
    }
    out += text.substr(i, c.length);
    i += c.length;
  }
  return out;
}

}  // namespace saseo
