// Merges the characters of a text into pieces, the best pair first (tokenizer.h, steps 2 to 4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/vocabulary/piece_index.h"

namespace saseo {

// Thread-compatible. Borrows the index. The text is cut where no piece crosses, mostly into words,
// and a word that came before gives the same tokens again.
class PieceMerger {
 public:
  // text_bytes: of all texts that append() will get.
  PieceMerger(const PieceIndex& index, std::size_t text_bytes);

  void append(std::string_view text, std::vector<TokenId>& ids);

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  struct Symbol {
    std::string_view text;
    std::uint32_t previous = kNone;
    std::uint32_t next = kNone;
    TokenId token = kNoToken;
    TokenId pair_token = kNoToken;    // Of this and the next symbol together.
    std::uint32_t pair_rank = kNone;  // kNone: they are no piece.
  };
  // The tokens of an earlier run: ids[begin] .. ids[end].
  struct KnownRun {
    std::string_view text;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  void append_run(std::string_view run, std::vector<TokenId>& ids);
  void set_symbols(std::string_view run);
  void look_up_pair(std::uint32_t left);
  void merge(std::uint32_t left);
  void merge_by_scanning();
  void merge_by_heap();

  const PieceIndex& index_;
  std::string marked_;  // The texts with their spaces marked; never moves, for others view it.
  std::vector<Symbol> symbols_;
  std::vector<std::uint64_t> candidates_;
  std::vector<KnownRun> known_;
};

}  // namespace saseo
