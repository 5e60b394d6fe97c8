// What every document and its chunks must be, whatever the bytes were.
#pragma once

#include <string_view>

#include "base/utf8.h"
#include "ingest/chunker.h"
#include "ingest/document.h"
#include "tests/fuzz/require.h"

namespace saseo {

inline void check_document(const Document& document) {
  require(is_valid_utf8(document.text));
  std::size_t at = 0;
  for (std::size_t i = 0; i < document.blocks.size(); ++i) {
    const Block& block = document.blocks[i];
    require(block.span.begin == at && block.span.end > at);
    require(block.span.end < document.text.size() && document.text[block.span.end] == '\n');
    require(block.level >= 1 && block.parent < static_cast<int>(i));
    require(is_valid_utf8(document.text_of(block.span)) && is_valid_utf8(block.marker));
    at = block.span.end + 1;
  }
  require(at == document.text.size());
}

inline void check_chunks(const Document& document) {
  std::size_t shown = 0;
  for (const std::size_t max_tokens : {32u, 320u}) {
    for (const Chunk& chunk : make_chunks(document, {.max_tokens = max_tokens})) {
      require(is_valid_utf8(chunk.text) && !chunk.segments.empty());
      std::size_t last = 0;
      for (const ByteSpan& segment : chunk.segments) {
        require(segment.begin >= last && segment.begin < segment.end);
        require(segment.end <= document.text.size());
        require(chunk.text.find(document.text_of(segment)) != std::string::npos);
        last = segment.end;
        shown += segment.size();
      }
    }
  }
  // Repeated table headers are bounded: chunks never take many times the document.
  require(shown <= 20 * document.text.size() + 1000);
}

}  // namespace saseo
