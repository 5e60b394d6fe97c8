// Where a section is cut: the cheapest way to part its pieces, found exactly.
//
// A section becomes pieces: its blocks, and the sentences of blocks that are too large alone.
// Before each piece stands the price of a cut there. The plan minimises, over all ways to cut,
//
//   sum over the cuts of their price  +  sum over the chunks of
//     kPerChunk + (1 - tokens / max_tokens)^2                  when tokens <= max_tokens,
//     kOverBudget + kOverBudgetSlope * (tokens / max_tokens - 1)   beyond,
//
// by dynamic programming over the pieces. The square levels the sizes, so no tiny rest remains. A
// step and its warning (kGlued between them) stay together until they take more than about twice
// the budget.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ingest/document.h"

namespace saseo {

inline constexpr double kPerChunk = 1.0;
inline constexpr double kOverBudget = 12.0;  // More than any price but kGlued.
inline constexpr double kOverBudgetSlope = 30.0;
inline constexpr double kGlued = 50.0;
inline constexpr double kWholeRun = 10.0;  // Within a procedure or table that fits the budget.

struct Piece {
  std::size_t block = 0;  // Index into Document::blocks.
  ByteSpan span;          // The block's, or a part of it; parts of a block leave nothing out.
  double tokens = 0;      // With marker and line break.
  double cut_price = 0;   // Of a cut before this piece.
  double repeated = 0;    // Tokens of the table header that a chunk beginning here repeats.
};

// The pieces of blocks [begin, end), which are one section; headings among them are as paragraphs.
std::vector<Piece> make_pieces(const Document& document, std::size_t begin, std::size_t end,
                               std::size_t max_tokens);

// The index of the first piece of each chunk, ascending; the first is 0. Empty for no pieces.
std::vector<std::size_t> plan_cuts(const std::vector<Piece>& pieces, std::size_t max_tokens);

// What stands in front of a block's text in a chunk: "1. ", "경고: ", or nothing.
std::string prefix_of(const Block& block);

// The part of a table's header that is repeated: all, unless it takes more than half the budget.
ByteSpan repeated_header(const Document& document, const Block& header, std::size_t max_tokens);

}  // namespace saseo
