// A chunk: the unit that is embedded, indexed and found.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ingest/document.h"

namespace saseo {

struct Chunk {
  // The stretches of Document::text that the chunk shows, in order: one a line of `text`, each
  // within one block (code has lines within its segment). A chunk of table rows begins
  // with the span of the table's header even when the header stands further up.
  std::vector<ByteSpan> segments;
  // For people and models: the segments' blocks, one a line, each with its marker in front
  // ("1. ...", "• ...", "경고: ..."), the heading path left out.
  std::string text;
  std::vector<std::string> heading_path;  // Outermost first; the document's title is not in it.
  int first_page = 0, last_page = 0;      // 1-based; 0 without pages.
  std::size_t tokens = 0;                 // estimate_tokens(text).
  int section = 0;                        // Chunks under one heading share a number, in order.
  std::string hash;                       // content_hash of heading path and text.
};

}  // namespace saseo
