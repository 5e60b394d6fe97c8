// Cuts a document into chunks along its structure.
//
// A chunk never crosses a heading, never parts a step from its number or its warning, and repeats
// the header of a table that it continues. A block that is larger than the budget alone is cut at
// sentence ends (a table row between cells never is). Short sections stay chunks of their own, so
// that a heading path is true for all of its chunk.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "ingest/chunk.h"
#include "ingest/document.h"

namespace saseo {

struct ChunkOptions {
  // Aim for chunks of at most this many tokens (estimate_tokens). Smaller chunks find more
  // exactly; larger ones keep more context together.
  std::size_t max_tokens = 320;
};

// Tokens a Gemma tokenizer needs for the text, roughly: within 20 % on Korean and English prose.
std::size_t estimate_tokens(std::string_view text);

std::vector<Chunk> make_chunks(const Document& document, const ChunkOptions& options = {});

}  // namespace saseo
