// Tells at little cost that nothing is hidden on a page, by watching what it paints instead of
// painting it. Most pages of a manual are dark print on a light ground.
//
// A page is plain when every letter is filled dark and opaque, with ink in its glyph, upright in
// its proportions, large enough and within a rectangular clip; when no area, picture, shading or
// pattern is painted over a letter, and none that is not light under it; and when no soft masks,
// groups that are not opaque, blend modes or transfer functions are in play. Thin rules do not
// count, up to two in a place. Whatever is not surely so makes the page not plain.
#pragma once

#include <memory>

#include "ingest/block_pipe.h"

class PDFDoc;

namespace saseo::pdf_helper {

class GlyphInk;

// Not thread-safe.
class PlainPageFinder {
 public:
  // The document outlives the finder. Without one, no page is surely plain.
  explicit PlainPageFinder(PDFDoc* document);
  ~PlainPageFinder();

  // True when a reader sees all words of the page `index`.
  bool is_plain(int index, const PdfPage& words);

 private:
  PDFDoc* document_;
  std::unique_ptr<GlyphInk> ink_;
};

}  // namespace saseo::pdf_helper
