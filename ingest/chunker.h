// Cuts a document into chunks along its structure.
//
// - A chunk never crosses a heading. A short section stays a chunk of its own, so that a heading
//   path is true for all of its chunk. A heading that nothing stands under is a chunk by itself;
//   one directly above a deeper heading gives none and is in the paths below it.
// - A cover (a first page of a few lines, no sentences) is one chunk without a heading path: its
//   lines tell of the document, not of one another.
// - A step stays with its number, its further paragraphs and its warnings, beyond the budget if need
//   be; only from about twice the budget on are such units cut.
// - A procedure or table that fits the budget whole is not cut: the cut goes before it.
// - A chunk that continues a table begins with the table's header (a header of more than half the
//   budget, with its beginning).
// - A paragraph larger than the budget is cut at sentence ends, at words only within a sentence that
//   is itself too large.
// - A table row stays whole up to four budgets.
// - Among all ways to cut, the fewest and most even chunks are taken (chunk_plan.h).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/chunk.h"
#include "ingest/document.h"
#include "ingest/token_estimate.h"

namespace saseo {

struct ChunkOptions {
  // Aim for chunks of at most this many tokens (estimate_tokens). Smaller chunks find more
  // exactly; larger ones keep more context together.
  std::size_t max_tokens = 320;
};

// Deterministic: the same document gives the same chunks. The time is linear in the document.
// Chunk::hash: tells whether a chunk's heading path or text changed.
std::string chunk_hash(std::span<const std::string> heading_path, std::string_view text);

std::vector<Chunk> make_chunks(const Document& document, const ChunkOptions& options = {});

}  // namespace saseo
