// Token ids one by one -> text that is whole UTF-8 at every step: the bytes of a character that
// several byte tokens spell wait until it is complete.
#pragma once

#include <string>

#include "engine/vocabulary/tokenizer.h"

namespace saseo {

// Thread-compatible. Borrows the tokenizer.
class StreamingDecoder {
 public:
  explicit StreamingDecoder(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}

  // The text that is complete with this token; empty for control tokens. Bytes that can never
  // become a character are U+FFFD.
  std::string push(TokenId id);
  // The end of the text: what still waits becomes U+FFFD, and a new text may begin.
  std::string flush();

 private:
  const Tokenizer& tokenizer_;
  std::string waiting_;  // The beginning of one character.
  bool at_start_ = true;
};

}  // namespace saseo
