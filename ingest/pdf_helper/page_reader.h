// Reads the words and rules of pages and tells in the same pass, at little cost, that nothing is
// hidden on one, by watching what it paints instead of painting it. Most pages of a manual are dark
// print on a light ground.
//
// A page is plain when every letter is filled dark and opaque, with ink in its glyph, upright in
// its proportions, large enough and within a rectangular clip; when no area, picture, shading or
// pattern is painted over a letter, and none that is not light under it; and when no soft masks,
// groups that are not opaque, blend modes or transfer functions are in play. Thin rules do not
// count, up to two in a place. Whatever is not surely so makes the page not plain.
#pragma once

#include <poppler-page.h>

#include <memory>
#include <string>
#include <string_view>

#include "ingest/block_pipe.h"

class PDFDoc;

namespace saseo::pdf_helper {

class GlyphInk;

// Not thread-safe.
class PageReader {
 public:
  // The bytes outlive the reader.
  PageReader(std::string_view file, const std::string& password);
  ~PageReader();

  struct Page {
    PdfPage words;
    bool plain = false;  // A reader surely sees all words.
  };
  // The page of this number, from 1, which is `page` in poppler-cpp's terms. A null page gives a
  // record that says it is unreadable. A document of poppler-cpp must be alive meanwhile.
  Page read(const poppler::page* page, int number);

 private:
  // The document in the terms of poppler's core library. It is one thread's own, so that pages are
  // shown without a copy of its cross-references (copyXRef) and keep what they parsed. Null when
  // it does not open: then words come from poppler-cpp and no page is surely plain.
  std::unique_ptr<PDFDoc> document_;
  std::unique_ptr<GlyphInk> ink_;
};

}  // namespace saseo::pdf_helper
