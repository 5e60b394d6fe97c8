#include "eval/report/word_diff.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace saseo::eval {
namespace {

// A table of more entries is not worth its time.
constexpr std::size_t kMaxTable = 1'000'000;

bool is_white(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Length of the "[n]" that begins here, and n; 0 when none does.
std::size_t citation_at(std::string_view text, std::size_t at, int& number) {
  if (text[at] != '[') return 0;
  const char* const begin = text.data() + at + 1;
  const char* const end = text.data() + std::min(text.size(), at + 6);
  const auto [after, error] = std::from_chars(begin, end, number);
  if (error != std::errc() || number <= 0 || after == text.data() + text.size() || *after != ']') {
    return 0;
  }
  return static_cast<std::size_t>(after - begin) + 2;
}

// What is compared: "Settings," and "settings" are the same word.
std::string key_of(std::string_view word) {
  while (word.size() > 1 &&
         std::string_view(".,;:!?\"')*`").find(word.back()) != std::string_view::npos) {
    word.remove_suffix(1);
  }
  std::string key(word);
  std::ranges::transform(key, key.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return key;
}

std::vector<bool> lacking_at_all(const std::vector<int>& text, const std::vector<int>& other) {
  const std::unordered_set<int> known(other.begin(), other.end());
  std::vector<bool> lacking;
  for (const int word : text) lacking.push_back(!known.contains(word));
  return lacking;
}

}  // namespace

std::vector<AnswerPiece> pieces_of(std::string_view answer) {
  std::vector<AnswerPiece> pieces;
  std::size_t word = std::string_view::npos;  // Where the current word began.
  const auto end_word = [&](std::size_t at) {
    if (word != std::string_view::npos) pieces.push_back({{word, at}});
    word = std::string_view::npos;
  };
  for (std::size_t at = 0; at < answer.size();) {
    int number = 0;
    const std::size_t length = citation_at(answer, at, number);
    if (length > 0) {
      end_word(at);
      pieces.push_back({{at, at + length}, number});
      at += length;
      continue;
    }
    if (is_white(answer[at])) {
      end_word(at);
    } else if (word == std::string_view::npos) {
      word = at;
    }
    ++at;
  }
  end_word(answer.size());
  return pieces;
}

std::vector<bool> words_lacking(const std::vector<std::string_view>& text,
                                const std::vector<std::string_view>& other) {
  std::unordered_map<std::string, int> numbers;
  const auto numbered = [&](const std::vector<std::string_view>& words) {
    std::vector<int> result;
    for (const std::string_view word : words) {
      result.push_back(
          numbers.try_emplace(key_of(word), static_cast<int>(numbers.size())).first->second);
    }
    return result;
  };
  const std::vector<int> a = numbered(text), b = numbered(other);
  if ((a.size() + 1) * (b.size() + 1) > kMaxTable) return lacking_at_all(a, b);

  // longest[i][j]: of the common subsequence of a from i and b from j.
  const std::size_t columns = b.size() + 1;
  std::vector<std::uint32_t> longest((a.size() + 1) * columns, 0);
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      longest[i * columns + j] =
          a[i] == b[j] ? longest[(i + 1) * columns + j + 1] + 1
                       : std::max(longest[(i + 1) * columns + j], longest[i * columns + j + 1]);
    }
  }
  std::vector<bool> lacking(a.size(), true);
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) {
      lacking[i++] = false;
      ++j;
    } else if (longest[(i + 1) * columns + j] >= longest[i * columns + j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
  return lacking;
}

}  // namespace saseo::eval
