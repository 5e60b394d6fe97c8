// Finds the longest of a set of tokens that stands at a place of a text.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/vocabulary/vocabulary.h"

namespace saseo {

class TokenMatcher {
 public:
  struct Token {
    std::string text;
    TokenId id = -1;
  };
  struct Match {
    std::size_t offset = 0;
    std::size_t length = 0;  // 0: no token from here to the end of the text.
    TokenId id = -1;
  };

  TokenMatcher() = default;
  // Of equal texts the lowest id counts; empty ones are left out.
  explicit TokenMatcher(std::vector<Token> tokens);

  // The first place at or after `offset` where a token stands, and the longest token there.
  Match find(std::string_view text, std::size_t offset) const;

 private:
  Match longest_at(std::string_view text, std::size_t offset) const;

  std::vector<Token> tokens_;  // By text.
  // tokens_[first_[b]] .. tokens_[first_[b + 1]] begin with byte b.
  std::array<std::uint32_t, 257> first_{};
};

}  // namespace saseo
