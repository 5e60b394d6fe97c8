// The tokens of a SentencePiece model (BPE by scores, byte fallback), as read from GGUF metadata,
// tokenizer.json or tokenizer.model. tokenizer.h works with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace saseo {

// Tokens are plain indexes here: rows of the embedding.
using TokenId = std::int32_t;

enum class TokenKind : std::uint8_t {
  kNormal = 1,
  kUnknown = 2,
  kControl = 3,      // Never made from text unless asked for: <bos>, <start_of_turn>.
  kUserDefined = 4,  // Matched in text before anything else: runs of newlines and spaces.
  kUnused = 5,
  kByte = 6,  // "<0x0A>"
};

struct Vocabulary {
  // Piece texts with U+2581 for a space, as the formats store them. (vocab)
  std::vector<std::string> pieces;
  std::vector<float> scores;  // (vocab); larger merges first.
  std::vector<TokenKind> kinds;
  TokenId bos = 2;
  TokenId eos = 1;
  TokenId unknown = 3;
  TokenId padding = 0;
  std::optional<TokenId> end_of_turn;
  bool add_bos = true;
  bool add_eos = false;
  bool add_space_prefix = false;
};

}  // namespace saseo
