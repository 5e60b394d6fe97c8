// SentencePiece BPE as Gemma 1-3 use it: text -> token ids and back.
//
//   1. Tokens that the vocabulary wants matched as they stand (runs of newlines, tags) are cut out,
//      the longest at each place first; control tokens only when asked for.
//   2. In what lies between, a space becomes U+2581, and every character is a symbol.
//   3. The pair of neighbours whose joint text is the piece of the best score is merged, the
//      leftmost of equals, until no pair is a piece.
//   4. A symbol that is no piece becomes the tokens of its bytes ("<0xEA>").
//
// Source: Kudo and Richardson, "SentencePiece: A simple and language independent subword tokenizer
// and detokenizer for Neural Text Processing", 2018; Sennrich et al., "Neural Machine Translation
// of Rare Words with Subword Units", 2016.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/vocabulary/piece_index.h"
#include "engine/vocabulary/token_matcher.h"
#include "engine/vocabulary/vocabulary.h"

namespace saseo {

struct EncodeOptions {
  // True: "<end_of_turn>" in the text is that token. Leave it off for every text that a person or a
  // document wrote, which could otherwise speak as the model.
  bool parse_control = false;
  // Puts <bos> in front, unless the text itself began with it. Vocabulary::add_bos says whether the
  // model wants it at the start of a sequence.
  bool add_bos = false;
};

// Immutable: may be used from several threads at once.
class Tokenizer {
 public:
  // The vocabulary was checked where it was read: as many scores and kinds as pieces, special ids
  // within them.
  explicit Tokenizer(Vocabulary vocabulary);

  // Time grows as n log n for n bytes of any content. A byte that is not UTF-8 becomes a byte
  // token; text of less than 4 GiB.
  std::vector<TokenId> encode(std::string_view text, const EncodeOptions& options = {}) const;

  // The bytes that the tokens stand for; control tokens stand for none. decode(encode(text)) is the
  // text, except that U+2581 comes back as a space.
  std::string decode(std::span<const TokenId> ids) const;
  // The bytes of one token. An id that is no token (models have rows to spare) gives nothing.
  std::string bytes_of(TokenId id) const;
  // As the vocabulary writes it: "▁the", "<0x0A>", "<bos>". Lives as long as the tokenizer.
  std::string_view piece_of(TokenId id) const;
  // The token written so, whatever its kind.
  std::optional<TokenId> find(std::string_view piece) const;

  // Control tokens come from templates alone. Besides those that the file calls so these are
  // the turn markers and place holders that some files list as ordinary tokens.
  bool is_control(TokenId id) const;
  std::size_t size() const { return vocabulary_.pieces.size(); }
  const Vocabulary& vocabulary() const { return vocabulary_; }

 private:
  Vocabulary vocabulary_;
  TokenMatcher user_defined_;
  TokenMatcher user_defined_and_control_;
  std::optional<PieceIndex> pieces_;  // Set once the kinds of vocabulary_ are.
};

}  // namespace saseo
