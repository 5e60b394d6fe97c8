#include "engine/vocabulary/token_matcher.h"

#include <algorithm>

namespace saseo {

TokenMatcher::TokenMatcher(std::vector<Token> tokens) : tokens_(std::move(tokens)) {
  std::erase_if(tokens_, [](const Token& token) { return token.text.empty(); });
  std::ranges::sort(tokens_, [](const Token& a, const Token& b) {
    return a.text != b.text ? a.text < b.text : a.id < b.id;
  });
  const auto alike = [](const Token& a, const Token& b) { return a.text == b.text; };
  tokens_.erase(std::unique(tokens_.begin(), tokens_.end(), alike), tokens_.end());
  for (const Token& token : tokens_) ++first_[static_cast<std::uint8_t>(token.text[0]) + 1u];
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
}

TokenMatcher::Match TokenMatcher::find(std::string_view text, std::size_t offset) const {
  for (; offset < text.size(); ++offset) {
    const auto byte = static_cast<std::uint8_t>(text[offset]);
    if (first_[byte] == first_[byte + 1u]) continue;
    const Match match = longest_at(text, offset);
    if (match.length != 0) return match;
  }
  return {text.size(), 0, -1};
}

// Narrows the range of tokens that begin as the text does, byte by byte; a token as long as what
// was compared comes first in its range.
TokenMatcher::Match TokenMatcher::longest_at(std::string_view text, std::size_t offset) const {
  Match match{offset, 0, -1};
  const auto byte = static_cast<std::uint8_t>(text[offset]);
  auto begin = tokens_.begin() + first_[byte];
  auto end = tokens_.begin() + first_[byte + 1u];
  for (std::size_t length = 1; begin != end; ++length) {
    if (begin->text.size() == length) {
      match = {offset, length, begin->id};
      ++begin;
    }
    if (offset + length == text.size()) break;
    const auto next = static_cast<std::uint8_t>(text[offset + length]);
    const auto byte_at = [&](const Token& token) {
      return static_cast<std::uint8_t>(token.text[length]);
    };
    begin = std::ranges::lower_bound(begin, end, next, {}, byte_at);
    end = std::ranges::upper_bound(begin, end, next, {}, byte_at);
  }
  return match;
}

}  // namespace saseo
