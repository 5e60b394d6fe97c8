#include "cli/views/snippet.h"

#include <algorithm>
#include <vector>

#include "base/utf8.h"
#include "cli/terminal/terminal.h"

namespace saseo::cli {
namespace {

constexpr std::size_t kLettersOfStem = 4, kSyllablesOfStem = 2;
constexpr std::size_t kLeadColumns = 24;  // Shown before the first word that was found.

char32_t lower(char32_t c) { return c >= U'A' && c <= U'Z' ? c + 32 : c; }

// Beginnings of the question's words, in lower case.
std::vector<std::u32string> stems_of(std::string_view question) {
  std::vector<std::u32string> stems;
  std::u32string word;
  const auto finish = [&] {
    const bool korean = !word.empty() && is_hangul_syllable(word.front());
    if (word.size() >= 2)
      stems.push_back(word.substr(0, korean ? kSyllablesOfStem : kLettersOfStem));
    word.clear();
  };
  for (const char32_t c : to_utf32(question)) {
    if (is_letter_or_digit(c)) {
      word += lower(c);
    } else {
      finish();
    }
  }
  finish();
  return stems;
}

struct Match {
  std::size_t begin = 0, end = 0;  // Code points.
  std::size_t stem = 0;
};

std::vector<Match> matches_of(const std::u32string& text,
                              const std::vector<std::u32string>& stems) {
  std::vector<Match> matches;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t best = 0, which = 0;
    // Korean compounds hold a word inside (무선충전), others begin with it.
    const bool inside = at > 0 && is_letter_or_digit(text[at - 1]) && !is_hangul_syllable(text[at]);
    for (std::size_t s = 0; s < stems.size() && !inside; ++s) {
      const std::u32string& stem = stems[s];
      const bool fits =
          stem.size() <= text.size() - at &&
          std::equal(stem.begin(), stem.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                     [](char32_t a, char32_t b) { return a == lower(b); });
      if (fits && stem.size() > best) {
        best = stem.size();
        which = s;
      }
    }
    if (best > 0) matches.push_back({at, at + best, which});
    at += std::max<std::size_t>(best, 1);
  }
  return matches;
}

}  // namespace

std::string snippet_of(std::string_view text, std::string_view question, std::size_t columns) {
  const std::u32string all = to_utf32(collapse_spaces(text));
  const std::vector<Match> matches = matches_of(all, stems_of(question));
  std::size_t begin = 0;
  std::size_t most = 0;
  for (std::size_t first = 0; first < matches.size(); ++first) {
    std::vector<std::size_t> stems;  // Different ones within reach.
    for (std::size_t m = first;
         m < matches.size() && matches[m].end - matches[first].begin < columns / 2; ++m)
      if (std::ranges::find(stems, matches[m].stem) == stems.end())
        stems.push_back(matches[m].stem);
    if (stems.size() > most) {
      most = stems.size();
      begin = matches[first].begin;
    }
  }
  // Back to a word's beginning, a little before.
  std::size_t width = 0;
  while (begin > 0 && width < kLeadColumns) width += display_width(all[--begin]);
  while (begin > 0 && all[begin - 1] != U' ') --begin;
  const std::string rest = to_utf8(std::u32string_view(all).substr(begin));
  return begin == 0 ? clip(rest, columns) : "…" + clip(rest, columns - 1);
}

std::string mark_words(std::string_view text, std::string_view question,
                       const std::function<std::string(std::string_view)>& mark) {
  const std::u32string all = to_utf32(text);
  std::string out;
  std::size_t at = 0;
  for (const Match& match : matches_of(all, stems_of(question))) {
    out += to_utf8(std::u32string_view(all).substr(at, match.begin - at));
    out += mark(to_utf8(std::u32string_view(all).substr(match.begin, match.end - match.begin)));
    at = match.end;
  }
  return out + to_utf8(std::u32string_view(all).substr(at));
}

}  // namespace saseo::cli
