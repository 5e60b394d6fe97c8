// Which lines are headings, and of which level.
//
// The outline says it best: a line that is a title of the outline has the outline's level. Without
// one, or beyond it, a heading is set larger or bolder than the body, stands alone and is short;
// the levels follow the sizes.
#pragma once

#include <cstddef>
#include <vector>

#include "ingest/block_pipe.h"
#include "ingest/layout_margins.h"

namespace saseo::layout {

struct BodyStyle {
  float size = 10;     // Of most characters.
  bool bold = false;   // Most characters are.
  float pitch = 1.3f;  // From line to line within paragraphs, in font sizes.
};

BodyStyle body_style_of(const std::vector<PageLines>& pages);

struct Heading {
  std::size_t line = 0, line_count = 1;  // Consecutive lines of a page that are one heading.
  int level = 1;
};

// For each page its headings, in order. `in_table` tells for each page's lines which are taken.
std::vector<std::vector<Heading>> find_headings(const std::vector<PageLines>& pages,
                                                const std::vector<std::vector<bool>>& in_table,
                                                const PdfHeader& header, const BodyStyle& body);

}  // namespace saseo::layout
