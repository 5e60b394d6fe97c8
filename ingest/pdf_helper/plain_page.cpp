#include "ingest/pdf_helper/plain_page.h"

#include <PDFDoc.h>

#include <algorithm>
#include <cmath>

#include "ingest/pdf_helper/glyph_ink.h"
#include "ingest/pdf_helper/ink.h"
#include "ingest/pdf_helper/paint_watch.h"

namespace saseo::pdf_helper {

PlainPageFinder::PlainPageFinder(PDFDoc* document) : document_(document) {
  if (document_ != nullptr) ink_ = std::make_unique<GlyphInk>(*document_);
}

PlainPageFinder::~PlainPageFinder() = default;

bool PlainPageFinder::is_plain(int index, const PdfPage& words) {
  if (!ink_) return false;
  PaintWatch watch(*ink_, words.width, words.height);
  // Annotations give words too, but are not drawn where words are looked for.
  const auto on_annotation = [](Annot*, void* to) {
    static_cast<PaintWatch*>(to)->begin_annotations();
    return true;
  };
  document_->displayPage(
      &watch, index + 1, 72, 72, 0, false, true, false,
      [](void* to) { return !static_cast<PaintWatch*>(to)->plain(); }, &watch, on_annotation,
      &watch, false);
  return watch.plain() && std::ranges::all_of(words.words, [&](const PdfWord& word) {
           return !says_something(word) ||
                  watch.has_letter_between(word.x, word.right(), word.y + word.height / 2);
         });
}

}  // namespace saseo::pdf_helper
