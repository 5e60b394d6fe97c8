// Gathers the rules of a page: thin lines along an axis, stroked or filled. They tell which cells
// of a table are one.
#pragma once

#include <GfxState.h>

#include <vector>

#include "ingest/block_pipe.h"
#include "ingest/pdf_helper/paths.h"

namespace saseo::pdf_helper {

class RuleFinder {
 public:
  // The path that the state is about to paint.
  void stroke(const GfxState& state);
  void fill(const GfxState& state);

  // What was found; nothing when there is more than a page of tables holds: a drawing.
  std::vector<PdfRule> take();

 private:
  void add(const Area& area);

  std::vector<PdfRule> rules_;
};

}  // namespace saseo::pdf_helper
