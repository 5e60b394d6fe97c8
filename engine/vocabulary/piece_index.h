// What merging needs of a vocabulary: which texts are pieces that merges may make, how good each
// is, and the byte tokens for the rest.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/vocabulary/vocabulary.h"

namespace saseo {

inline constexpr TokenId kNoToken = -1;
// As pieces write a space: U+2581.
inline constexpr std::string_view kSpaceMark = "\xE2\x96\x81";

// The length that the first byte of a UTF-8 character announces, as far as the text goes. Broken
// characters are thus cut as the reference engines cut them. The text is not empty.
std::size_t character_length(std::string_view text);
// "<0x0A>" -> 10.
std::optional<std::uint8_t> byte_of_piece(std::string_view piece);

// Immutable: may be used from several threads at once.
class PieceIndex {
 public:
  // Merges make normal pieces alone: control, byte and user-defined ones never.
  explicit PieceIndex(const Vocabulary& vocabulary);

  // The piece of this text that merges may make; of several the one of the lowest id.
  TokenId find(std::string_view text) const;
  // Of a piece that merges make: the smaller goes first; equal scores have equal ranks.
  std::uint32_t rank(TokenId id) const { return ranks_[static_cast<std::size_t>(id)]; }
  // Whether some piece has the two characters side by side. May be true where none has, never the
  // other way: where it is false no merge crosses, and what lies on the two sides is encoded apart.
  bool may_join(std::string_view left, std::string_view right) const;
  // The tokens of a character that is no piece: those of its bytes.
  void append_bytes(std::string_view character, std::vector<TokenId>& ids) const;

 private:
  struct Slot {
    std::uint32_t hash = 0;
    TokenId token = kNoToken;
  };

  std::string_view text_of(TokenId id) const;
  // Where the text stands in slots_, or the empty place where it belongs.
  std::size_t place_of(std::string_view text, std::uint32_t hash) const;
  void add_neighbours(std::string_view piece);

  std::array<TokenId, 256> byte_tokens_;
  TokenId unknown_;
  std::vector<std::uint32_t> ranks_;       // (vocab)
  std::string texts_;                      // Of all pieces.
  std::vector<std::uint32_t> offsets_;     // (vocab + 1), into texts_.
  std::size_t longest_ = 0;                // In bytes, of those that merges make.
  std::vector<Slot> slots_;                // Open addressing by the hash of the text.
  std::vector<std::uint64_t> neighbours_;  // A bit for each hash of two characters.
};

}  // namespace saseo
