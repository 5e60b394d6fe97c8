#include "ingest/pdf_helper/page_reader.h"

#include <Object.h>
#include <PDFDoc.h>
#include <Stream.h>
#include <TextOutputDev.h>
#include <goo/GooString.h>

#include <algorithm>
#include <optional>

#include "ingest/pdf_helper/glyph_ink.h"
#include "ingest/pdf_helper/ink.h"
#include "ingest/pdf_helper/paint_watch.h"
#include "ingest/pdf_helper/poppler_text.h"
#include "ingest/pdf_helper/rule_finder.h"

namespace saseo::pdf_helper {
namespace {

std::unique_ptr<PDFDoc> open_core(std::string_view file, const std::string& password) {
  auto* const stream = new MemStream(file.data(), 0, static_cast<Goffset>(file.size()),
                                     Object(objNull));  // The document owns it.
  const std::optional<GooString> key(std::in_place, password);
  auto document = std::make_unique<PDFDoc>(stream, key, key);
  return document->isOk() ? std::move(document) : nullptr;
}

// Hands on what a page shows to the device that gathers its text, and watches it on the way. The
// text is the same as without the watch: it asks for more than text only as long as a page may be
// plain.
class TextAndPaint final : public PaintWatch {
 public:
  TextAndPaint(TextOutputDev& text, GlyphInk& ink, const PdfPage& page)
      : PaintWatch(ink, page.width, page.height), text_(text) {}

  bool needNonText() override { return plain(); }
  bool needCharCount() override { return text_.needCharCount(); }
  void setDefaultCTM(const double* ctm) override {
    OutputDev::setDefaultCTM(ctm);
    text_.setDefaultCTM(ctm);
  }
  void startPage(int number, GfxState* state, XRef* xref) override {
    text_.startPage(number, state, xref);
  }
  void endPage() override { text_.endPage(); }
  void restoreState(GfxState* state) override {
    text_.restoreState(state);
    PaintWatch::restoreState(state);
  }
  void updateFont(GfxState* state) override { text_.updateFont(state); }
  void beginString(GfxState* state, const GooString* string) override {
    text_.beginString(state, string);
  }
  void endString(GfxState* state) override { text_.endString(state); }
  void drawChar(GfxState* state, double x, double y, double dx, double dy, double origin_x,
                double origin_y, CharCode code, int bytes, const Unicode* text,
                int length) override {
    text_.drawChar(state, x, y, dx, dy, origin_x, origin_y, code, bytes, text, length);
    PaintWatch::drawChar(state, x, y, dx, dy, origin_x, origin_y, code, bytes, text, length);
  }
  void incCharCount(int count) override { text_.incCharCount(count); }
  void beginActualText(GfxState* state, const GooString* text) override {
    text_.beginActualText(state, text);
  }
  void endActualText(GfxState* state) override { text_.endActualText(state); }
  void stroke(GfxState* state) override {
    if (!in_annotations()) rules_.stroke(*state);
    PaintWatch::stroke(state);
  }
  void fill(GfxState* state) override {
    if (!in_annotations()) rules_.fill(*state);
    PaintWatch::fill(state);
  }
  void eoFill(GfxState* state) override {
    if (!in_annotations()) rules_.fill(*state);
    PaintWatch::eoFill(state);
  }
  std::vector<PdfRule> take_rules() { return rules_.take(); }
  void processLink(AnnotLink* link) override { text_.processLink(link); }

 private:
  TextOutputDev& text_;
  RuleFinder rules_;
};

}  // namespace

PageReader::PageReader(std::string_view file, const std::string& password)
    : document_(open_core(file, password)) {
  if (document_) ink_ = std::make_unique<GlyphInk>(*document_);
}

PageReader::~PageReader() = default;

PageReader::Page PageReader::read(const poppler::page* page, int number) {
  Page out = {.words = read_frame(page, number)};
  if (page == nullptr) return out;
  if (!document_) {
    take_words(*page, out.words);
    return out;
  }
  // As poppler-cpp's text_list() asks: reading order, 72 dots an inch, places from the corner of
  // the crop box, and no clip to it.
  TextOutputDev text(nullptr, false, 0, false, false);
  TextAndPaint watch(text, *ink_, out.words);
  // Annotations give words too, but are not drawn where words are looked for.
  const auto on_annotation = [](Annot*, void* to) {
    static_cast<PaintWatch*>(to)->begin_annotations();
    return true;
  };
  document_->displayPageSlice(&watch, number, 72, 72, 0, false, false, false, -1, -1, -1, -1,
                              nullptr, nullptr, on_annotation, static_cast<PaintWatch*>(&watch),
                              false);
  take_words(text, out.words);
  out.words.rules = watch.take_rules();
  out.plain = watch.plain() && std::ranges::all_of(out.words.words, [&](const PdfWord& word) {
                return !says_something(word) ||
                       watch.has_letter_between(word.x, word.right(), word.y + word.height / 2);
              });
  return out;
}

}  // namespace saseo::pdf_helper
