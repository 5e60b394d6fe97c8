// Blocks from lines: paragraphs, list items, steps, warnings, captions, code, and what belongs to
// what. Text is not joined yet: a block is the runs that it is made of.
#pragma once

#include <string>
#include <vector>

#include "ingest/document.h"
#include "ingest/layout_headings.h"
#include "ingest/layout_lines.h"
#include "ingest/layout_margins.h"
#include "ingest/layout_tables.h"

namespace saseo::layout {

struct PlacedRun {
  Run run;
  int page = 0;
  float room = 0;  // White between its end and the right margin, in points.
};

struct DraftBlock {
  BlockKind kind = BlockKind::kParagraph;
  int level = 1;
  std::string marker;
  int parent = -1, table = -1;
  std::vector<PlacedRun> runs;  // Empty when there are cells.
  std::vector<std::vector<PlacedRun>>
      cells;  // Of table rows; of a figure: its caption, its labels.
};

struct PageContent {
  std::vector<Table> tables;
  std::vector<Heading> headings;
};

// All blocks of the document, in order. `content` has an entry for each page.
std::vector<DraftBlock> make_blocks(const std::vector<PageLines>& pages,
                                    const std::vector<PageContent>& content, const BodyStyle& body);

}  // namespace saseo::layout
