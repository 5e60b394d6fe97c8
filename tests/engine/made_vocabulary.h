// A small vocabulary in the manner of Gemma's: control tokens first, the turn markers, runs of
// newlines and spaces, all bytes, then pieces whose score falls with their id.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/vocabulary/vocabulary.h"

namespace saseo {

struct MadeVocabulary {
  Vocabulary vocabulary;

  TokenId add(std::string_view piece, TokenKind kind, float score = 0) {
    vocabulary.pieces.emplace_back(piece);
    vocabulary.kinds.push_back(kind);
    vocabulary.scores.push_back(score);
    return static_cast<TokenId>(vocabulary.pieces.size() - 1);
  }
  // Scores -1, -2, ... in the order given.
  void add_pieces(const std::vector<std::string>& pieces) {
    for (const std::string& piece : pieces) {
      add(piece, TokenKind::kNormal, -static_cast<float>(++pieces_));
    }
  }
  int pieces_ = 0;
};

// <pad> 0, <eos> 1, <bos> 2, <unk> 3, <start_of_turn> 4, <end_of_turn> 5, runs of one to four
// newlines 6-9, of two to four spaces 10-12, the bytes 13-268, then the pieces from 269.
inline constexpr TokenId kStartOfTurn = 4;
inline constexpr TokenId kEndOfTurn = 5;
inline constexpr TokenId kFirstNewline = 6;
inline constexpr TokenId kTwoSpaces = 10;
inline constexpr TokenId kFirstByte = 13;
inline constexpr TokenId kFirstPiece = 269;

inline Vocabulary made_vocabulary(const std::vector<std::string>& pieces) {
  MadeVocabulary made;
  for (const std::string_view name : {"<pad>", "<eos>", "<bos>"}) {
    made.add(name, TokenKind::kControl);
  }
  made.add("<unk>", TokenKind::kUnknown);
  made.add("<start_of_turn>", TokenKind::kControl);
  made.add("<end_of_turn>", TokenKind::kControl);
  for (std::size_t n = 1; n <= 4; ++n) made.add(std::string(n, '\n'), TokenKind::kUserDefined);
  std::string spaces = "\u2581";
  for (std::size_t n = 2; n <= 4; ++n) made.add(spaces += "\u2581", TokenKind::kUserDefined);
  for (int byte = 0; byte < 256; ++byte) {
    made.add(fmt::format("<0x{:02X}>", byte), TokenKind::kByte);
  }
  made.add_pieces(pieces);
  made.vocabulary.end_of_turn = kEndOfTurn;
  return made.vocabulary;
}

}  // namespace saseo
