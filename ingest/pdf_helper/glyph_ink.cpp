#include "ingest/pdf_helper/glyph_ink.h"

#include <GfxFont.h>
#include <GfxState.h>
#include <PDFDoc.h>
#include <SplashOutputDev.h>
#include <splash/Splash.h>
#include <splash/SplashFont.h>
#include <splash/SplashGlyphBitmap.h>

#include <algorithm>
#include <cmath>

namespace saseo::pdf_helper {
namespace {

constexpr std::size_t kMaxKnown = 200'000;
constexpr int kClearShade = 64;        // Of 255, in the darkest pixel at 72 dpi.
constexpr double kLargestGlyph = 1.6;  // Of the font's size. Larger ones may cover others.
constexpr double kSolid = 0.9;         // Share of a glyph's box that a block fills.

// A page of the device's own: glyphs alone are looked at.
constexpr int kPagePoints = 256;
constexpr double kClearSize = 48;  // Points: a block's form is clear.

GlyphShape shape_of_bitmap(const SplashGlyphBitmap& glyph, double font_width, double font_height) {
  if (!glyph.aa || (glyph.data == nullptr && glyph.w > 0 && glyph.h > 0)) return {};
  if (glyph.w > kLargestGlyph * font_width + 2 || glyph.h > kLargestGlyph * font_height + 2)
    return {};
  int left = glyph.w, right = 0, top = glyph.h, bottom = 0, darkest = 0;
  double ink = 0;
  for (int y = 0; y < glyph.h; ++y) {
    for (int x = 0; x < glyph.w; ++x) {
      const int shade = glyph.data[y * glyph.w + x];
      if (shade == 0) continue;
      darkest = std::max(darkest, shade);
      ink += shade / 255.0;
      left = std::min(left, x), right = std::max(right, x + 1);
      top = std::min(top, y), bottom = std::max(bottom, y + 1);
    }
  }
  GlyphShape out;
  if (darkest == 0) {
    out.kind = GlyphShape::kBlank;
    return out;
  }
  if (darkest < kClearShade) {
    out.kind = GlyphShape::kFaint;
    return out;
  }
  const double width = right - left, height = bottom - top;
  const bool like_a_block = width > 0.3 * font_width && height > 0.3 * font_height;
  // The pixels at the edges are covered in part.
  const double inside = std::max(width - 1, 1.0) * std::max(height - 1, 1.0);
  out.kind = like_a_block && ink >= kSolid * inside ? GlyphShape::kBlock : GlyphShape::kPrint;
  out.left = (left - glyph.x) / font_width;
  out.right = (right - glyph.x) / font_width;
  out.top = (top - glyph.y) / font_height;
  out.bottom = (bottom - glyph.y) / font_height;
  return out;
}

}  // namespace

GlyphInk::GlyphInk(PDFDoc& document) : xref_(document.getXRef()) {
  SplashColor white;
  white[0] = 255;
  device_ = std::make_unique<SplashOutputDev>(splashModeMono8, 1, false, white);
  device_->setFontAntialias(true);
  device_->startDoc(&document);
  const PDFRectangle page(0, 0, kPagePoints, kPagePoints);
  GfxState state(72, 72, &page, 0, true);
  device_->startPage(0, &state, xref_);
}

GlyphInk::~GlyphInk() = default;

GlyphShape GlyphInk::shape_of(GfxState& state, double width, double height, CharCode code,
                              int bytes) {
  // Ink seen at one size is seen at up to twice that size.
  const auto bucket = static_cast<std::uint64_t>(std::clamp(std::ilogb(width), 0, 15) << 4 |
                                                 std::clamp(std::ilogb(height), 0, 15));
  const Ref font = *state.getFont()->getID();
  const Key key = {static_cast<std::uint64_t>(static_cast<std::uint32_t>(font.num)) << 32 |
                       static_cast<std::uint32_t>(font.gen),
                   bucket << 32 | code};
  if (const auto at = known_.find(key); at != known_.end()) return at->second;
  if (known_.size() >= kMaxKnown) return {};
  return known_[key] = draw(state, width, height, code, bytes);
}

GlyphShape GlyphInk::draw(GfxState& state, double width, double height, CharCode code, int bytes) {
  const GlyphShape shape = draw_at(state, width, height, code, bytes);
  // Few pixels make a small bold letter look like a block: it is looked at more closely.
  const double scale = kClearSize / std::max(width, height);
  if (shape.kind != GlyphShape::kBlock || scale < 2) return shape;
  const std::unique_ptr<GfxState> larger(state.copy(true));
  larger->setFont(state.getFont(), state.getFontSize() * scale);
  return draw_at(*larger, width * scale, height * scale, code, bytes);
}

GlyphShape GlyphInk::draw_at(GfxState& state, double width, double height, CharCode code,
                             int bytes) {
  // Drawing it makes the device load the font.
  device_->updateFont(&state);
  device_->drawChar(&state, 0, 0, 0, 0, 0, 0, code, bytes, nullptr, 0);
  SplashFont* const font = device_->getCurrentFont();
  if (font == nullptr) return {};
  SplashGlyphBitmap glyph{};
  SplashClipResult result = splashClipAllInside;
  SplashClip* const clip = device_->getSplash()->getClip();
  constexpr int kMiddle = kPagePoints / 2;
  // A glyph without an outline, such as a blank, has no bitmap.
  if (!font->getGlyph(static_cast<int>(code), 0, 0, &glyph, kMiddle, kMiddle, clip, &result))
    return {GlyphShape::kBlank};
  const GlyphShape shape =
      result == splashClipAllOutside ? GlyphShape{} : shape_of_bitmap(glyph, width, height);
  if (glyph.freeData) gfree(glyph.data);
  return shape;
}

}  // namespace saseo::pdf_helper
