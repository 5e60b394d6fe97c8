#include "retrieval/sentences.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/utf8.h"

namespace saseo {
namespace {

constexpr std::array<std::string_view, 20> kAbbreviations = {
    "e.g", "i.e", "etc", "vs",  "no", "nos", "fig",    "figs", "sec", "ch",
    "p",   "pp",  "mr",  "mrs", "ms", "dr",  "approx", "max",  "min", "vol"};

bool is_terminator(char32_t c) {
  return c == U'.' || c == U'!' || c == U'?' || c == U'…' || c == U'。' || c == U'！' || c == U'？';
}
bool is_opening(char32_t c) {
  return c == U'(' || c == U'[' || c == U'（' || c == U'「' || c == U'『';
}
bool is_closing(char32_t c) {
  return c == U')' || c == U']' || c == U'）' || c == U'」' || c == U'』';
}
bool is_closing_quote(char32_t c) { return c == U'"' || c == U'\'' || c == U'”' || c == U'’'; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// The full stop at text[at] belongs to a word or number and ends nothing.
bool stop_belongs_to_word(std::string_view text, std::size_t sentence_begin, std::size_t at) {
  std::size_t begin = at;
  while (begin > sentence_begin && text[begin - 1] != ' ' && text[begin - 1] != '(') --begin;
  const std::string_view word = text.substr(begin, at - begin);
  if (word.empty()) return false;
  const bool digits = std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
  if (digits && begin == sentence_begin) return true;
  if (word.size() == 1 && word[0] >= 'A' && word[0] <= 'Z') return true;
  std::string folded(word);
  std::ranges::transform(folded, folded.begin(), lower);
  return std::ranges::find(kAbbreviations, folded) != kAbbreviations.end();
}

}  // namespace

std::vector<ByteSpan> split_sentences(std::string_view text) {
  std::vector<ByteSpan> sentences;
  std::size_t begin = 0;
  const auto close_at = [&](std::size_t end) {
    while (begin < end) {
      const DecodedCodePoint first = decode_utf8(text, begin);
      if (!is_space(first.code_point)) break;
      begin += first.length;
    }
    const std::size_t size = begin < end ? trim(text.substr(begin, end - begin)).size() : 0;
    if (size > 0) sentences.push_back({begin, begin + size});
    begin = end;
  };

  int depth = 0;
  for (std::size_t i = 0; i < text.size();) {
    const DecodedCodePoint c = decode_utf8(text, i);
    const std::size_t after = i + c.length;
    if (is_opening(c.code_point)) ++depth;
    if (is_closing(c.code_point)) depth = std::max(0, depth - 1);
    if (c.code_point == U'\n') {
      depth = 0;
      close_at(i);
    } else if (is_terminator(c.code_point) && depth == 0) {
      std::size_t end = after;
      while (end < text.size()) {
        const DecodedCodePoint next = decode_utf8(text, end);
        if (!is_terminator(next.code_point) && !is_closing_quote(next.code_point)) break;
        end += next.length;
      }
      const bool at_break = end >= text.size() || is_space(decode_utf8(text, end).code_point);
      const bool in_word =
          c.code_point == U'.' && end == after && stop_belongs_to_word(text, begin, i);
      if (at_break && !in_word) {
        close_at(end);
        i = end;
        continue;
      }
    }
    i = after;
  }
  close_at(text.size());
  return sentences;
}

}  // namespace saseo
