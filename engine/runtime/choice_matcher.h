// Holds an answer to given texts: at each place, the tokens after which the text is still the
// beginning of one of them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/vocabulary/tokenizer.h"

namespace saseo {

// Thread-compatible. Borrows the tokenizer; reads its vocabulary once.
class ChoiceMatcher {
 public:
  // `stops`: the tokens with which a model ends its answer.
  ChoiceMatcher(const Tokenizer& tokenizer, std::vector<std::string> choices,
                std::vector<TokenId> stops);

  // The tokens that may come next, in the order of their ids, stops last and only after a whole
  // choice. Empty when no token of the vocabulary leads on. Valid until the next push.
  std::span<const TokenId> allowed() const { return allowed_; }
  // A token of the answer, one of those allowed, no stop.
  void push(TokenId token);
  // A choice is whole, and no other begins with it: nothing can follow.
  bool finished() const { return finished_; }

 private:
  struct Part {
    TokenId token;
    std::string bytes;
  };
  void look_ahead();

  std::vector<std::string> choices_;
  std::vector<TokenId> stops_;
  bool space_prefix_;        // The vocabulary puts a space in front of a text, which is none of it.
  std::vector<Part> parts_;  // The tokens of which choices are made.
  std::string text_;         // The answer so far.
  bool begun_ = false;
  std::vector<TokenId> allowed_;
  bool finished_ = false;
};

}  // namespace saseo
