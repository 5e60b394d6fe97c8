#include "ingest/pdf_helper/paint_watch.h"

#include <GfxFont.h>
#include <Stream.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/utf8.h"
#include "ingest/pdf_helper/glyph_ink.h"
#include "ingest/pdf_helper/paths.h"

namespace saseo::pdf_helper {
namespace {

constexpr double kDarkest = 0.5, kLightGround = 0.7;  // Luminances: 0 is black.
constexpr double kOpaque = 0.9;
constexpr double kSmallestPlain = 3.5;  // Points.
constexpr double kThin = 1.0;           // Points. Two such rules do not hide the smallest print.
constexpr int kMaxRules = 2;
constexpr double kLargestPlain = 1000;
constexpr double kMaxStretch = 2;  // The font's width to its height or the other way.
constexpr double kMaxAdvance = 1.6;
constexpr double kTouch = 0.25;             // Points. Areas that overlap by less only touch.
constexpr int kMaxComparisons = 2'000'000;  // Of areas, a page.

bool is_opaque(double opacity, GfxState& state) {
  return opacity >= kOpaque && state.getBlendMode() == gfxBlendNormal;
}

double luminance(GfxState& state, bool stroked) {
  GfxGray gray = 0;
  stroked ? state.getStrokeGray(&gray) : state.getFillGray(&gray);
  return colToDbl(gray);
}

bool is_pattern(GfxState& state, bool stroked) {
  const GfxColorSpace* const space =
      stroked ? state.getStrokeColorSpace() : state.getFillColorSpace();
  return const_cast<GfxColorSpace*>(space)->getMode() == csPattern;
}

bool is_dark_print(GfxState& state, bool stroked) {
  return !is_pattern(state, stroked) && luminance(state, stroked) <= kDarkest &&
         is_opaque(stroked ? state.getStrokeOpacity() : state.getFillOpacity(), state);
}

}  // namespace

PaintWatch::PaintWatch(GlyphInk& ink, double width, double height)
    : ink_(ink), comparisons_left_(kMaxComparisons) {
  constexpr double kFinest = 1;
  constexpr double kMaxSide = 1024;  // Cells.
  cell_size_ = std::max({kFinest, width / kMaxSide, height / kMaxSide});
  columns_ = static_cast<int>(width / cell_size_) + 1;
  rows_ = static_cast<int>(height / cell_size_) + 1;
  cells_.resize(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_));
}

bool PaintWatch::has_letter_between(double left, double right, double y) const {
  const Range range = cells_of({left, y, right, y});
  for (int row = range.top; row <= range.bottom; ++row)
    for (int column = range.left; column <= range.right; ++column)
      if (cells_[static_cast<std::size_t>(row) * columns_ + column].letter) return true;
  return false;
}

PaintWatch::Range PaintWatch::cells_of(const Area& area) const {
  const auto to_cell = [&](double at, int count) {
    return static_cast<int>(std::clamp(std::floor(at / cell_size_), -1.0, count + 0.0));
  };
  return {std::max(to_cell(area.left, columns_), 0), std::max(to_cell(area.top, rows_), 0),
          std::min(to_cell(area.right, columns_), columns_ - 1),
          std::min(to_cell(area.bottom, rows_), rows_ - 1)};
}

bool PaintWatch::overlaps_any(const Area& area, const std::vector<Area>& others) {
  comparisons_left_ -= static_cast<int>(std::min<std::size_t>(others.size(), kMaxComparisons));
  if (comparisons_left_ < 0) return true;
  return std::ranges::any_of(others, [&](const Area& other) {
    const auto overlap = [](double from, double to, double other_from, double other_to) {
      const double touch = std::min({kTouch, (to - from) / 4, (other_to - other_from) / 4});
      return std::min(to, other_to) - std::max(from, other_from) >= touch;
    };
    return overlap(area.left, area.right, other.left, other.right) &&
           overlap(area.top, area.bottom, other.top, other.bottom);
  });
}

void PaintWatch::restoreState(GfxState*) {
  if (odd_clips_.size() > 1)
    odd_clips_.pop_back();
  else
    plain_ = false;
}

void PaintWatch::clip(GfxState* state) {
  const GfxPath& path = *state->getPath();
  const bool upright =
      path.getNumSubpaths() == 0 ||
      (path.getNumSubpaths() == 1 && is_upright_rectangle(*state, *path.getSubpath(0)));
  if (!upright) odd_clips_.back() = true;
}

void PaintWatch::updateTransfer(GfxState* state) {
  Function** const transfer = state->getTransfer();
  if (transfer != nullptr && transfer[0] != nullptr) plain_ = false;
}

void PaintWatch::drawChar(GfxState* state, double x, double y, double dx, double dy,
                          double origin_x, double origin_y, CharCode code, int bytes,
                          const Unicode* text, int length) {
  if (!plain_) return;
  // Blanks and marks alone carry no message.
  const bool says_something =
      text == nullptr || length <= 0 ||
      std::any_of(text, text + length, [](Unicode c) { return is_letter_or_digit(c); });
  Point start, advance;
  state->transform(x - origin_x, y - origin_y, &start.x, &start.y);
  state->transformDelta(dx, dy, &advance.x, &advance.y);
  plain_ = is_plain_letter(*state, start.x, start.y, advance.x, code, bytes, says_something);
}

bool PaintWatch::is_plain_letter(GfxState& state, double x, double y, double advance, CharCode code,
                                 int bytes, bool says_something) {
  const int mode = state.getRender();
  if (mode == 3) return !says_something;  // Invisible.
  if (mode != 0 && mode != 2) return false;
  if (says_something && (in_annotations_ || odd_clips_.back())) return false;
  if (!is_dark_print(state, false) || (mode == 2 && !is_dark_print(state, true))) return false;
  const std::shared_ptr<GfxFont>& font = state.getFont();
  if (!font || !font->isOk() || font->getType() == fontType3 || font->getWMode() != 0) return false;

  // The font's unit square on the page: across to the right, up, perhaps leaning.
  double across_x, across_y, lean, up;
  state.getFontTransMat(&across_x, &across_y, &lean, &up);
  const double width = across_x * state.getHorizScaling(), height = -up;
  const bool upright = std::abs(across_y) < 0.02 * across_x && std::abs(lean) < -0.4 * up;
  if (!upright || std::min(width, height) < kSmallestPlain || width > kMaxStretch * height ||
      height > kMaxStretch * width || height > kLargestPlain)
    return false;

  const GlyphShape shape = ink_.shape_of(state, width, height, code, bytes);
  if (shape.kind == GlyphShape::kBlank || shape.kind == GlyphShape::kFaint) return !says_something;
  if (shape.kind == GlyphShape::kUnknown) return false;
  const Area ink = {x + shape.left * width, y + shape.top * height, x + shape.right * width,
                    y + shape.bottom * height};
  if (shape.kind == GlyphShape::kBlock) {
    paint(state, ink, false);
    return plain_ && !says_something;
  }
  if (!says_something) return put_letter(ink);

  // The word's place is told by its advance: the ink has to be there.
  constexpr double kCapHeight = 0.7;
  const Area letter = {x, y - kCapHeight * height, x + advance, y};
  const double middle = (ink.left + ink.right) / 2;
  if (!(advance > 0) || advance > kMaxAdvance * width || middle < letter.left ||
      middle > letter.right || ink.top > letter.bottom || ink.bottom < letter.top)
    return false;
  Area clip;
  state.getClipBBox(&clip.left, &clip.top, &clip.right, &clip.bottom);
  constexpr double kSlack = 0.5;
  return letter.left >= clip.left - kSlack && letter.right <= clip.right + kSlack &&
         letter.top >= clip.top - kSlack && letter.bottom <= clip.bottom + kSlack &&
         put_letter(letter);
}

bool PaintWatch::put_letter(const Area& area) {
  const double x = (area.left + area.right) / 2, y = (area.top + area.bottom) / 2;
  // A letter over the middle of another could blacken it.
  const double inset_x = (area.right - area.left) / 4, inset_y = (area.bottom - area.top) / 4;
  const Range inner = cells_of(
      {area.left + inset_x, area.top + inset_y, area.right - inset_x, area.bottom - inset_y});
  for (int row = inner.top; row <= inner.bottom; ++row)
    for (int column = inner.left; column <= inner.right; ++column)
      if (cell(column, row).core) return false;
  // What touches but the edge of a letter leaves it to be seen.
  const double edge = (area.bottom - area.top) / 5;
  const Area seen = {area.left, area.top + edge, area.right, area.bottom - edge};
  const Range all = cells_of(seen);
  bool near_ground = false;
  for (int row = all.top; row <= all.bottom; ++row) {
    for (int column = all.left; column <= all.right; ++column) {
      Cell& here = cell(column, row);
      if (here.rules > kMaxRules) return false;
      near_ground |= here.ground;
      here.letter = true;
    }
  }
  if (near_ground && overlaps_any(seen, grounds_)) return false;
  letters_.push_back(seen);
  const Range core = cells_of({x, y, x, y});
  if (core.left <= core.right && core.top <= core.bottom) cell(core.left, core.top).core = true;
  return true;
}

void PaintWatch::paint(GfxState& state, Area area, bool light) {
  if (!plain_ || in_annotations_) return;
  Area clip;
  state.getClipBBox(&clip.left, &clip.top, &clip.right, &clip.bottom);
  area = {std::max(area.left, clip.left), std::max(area.top, clip.top),
          std::min(area.right, clip.right), std::min(area.bottom, clip.bottom)};
  const double thickness = std::min(area.right - area.left, area.bottom - area.top);
  if (!(thickness >= 0)) return;
  const bool rule = thickness <= kThin;
  if (!rule && !light) grounds_.push_back(area);
  const Range range = cells_of(area);
  bool near_letter = false;
  for (int row = range.top; row <= range.bottom; ++row) {
    for (int column = range.left; column <= range.right; ++column) {
      Cell& here = cell(column, row);
      if (rule)
        here.rules = static_cast<std::uint8_t>(std::min<int>(here.rules + 1, kMaxRules + 1));
      else if (!light)
        here.ground = true;
      if (here.letter && rule && here.rules > kMaxRules) plain_ = false;
      near_letter |= here.letter;
    }
  }
  if (plain_ && !rule && near_letter && overlaps_any(area, letters_)) plain_ = false;
}

bool PaintWatch::is_light(GfxState& state, bool stroked) {
  return !is_pattern(state, stroked) && luminance(state, stroked) >= kLightGround &&
         is_opaque(stroked ? state.getStrokeOpacity() : state.getFillOpacity(), state);
}

bool PaintWatch::paint_frame(GfxState& state, bool light) {
  const std::optional<Frame> frame = frame_of(state);
  if (!frame) return false;
  const auto& [outer, inner] = *frame;
  paint(state, {outer.left, outer.top, outer.right, inner.top}, light);
  paint(state, {outer.left, inner.bottom, outer.right, outer.bottom}, light);
  paint(state, {outer.left, inner.top, inner.left, inner.bottom}, light);
  paint(state, {inner.right, inner.top, outer.right, inner.bottom}, light);
  return true;
}

void PaintWatch::fill(GfxState* state) {
  if (!plain_) return;
  const bool light = is_light(*state, false);
  const GfxPath& path = *state->getPath();
  for (int i = 0; i < path.getNumSubpaths(); ++i) {
    const GfxSubpath& outline = *path.getSubpath(i);
    paint(*state, box_of(*state, outline, 0, outline.getNumPoints() - 1), light);
  }
}

void PaintWatch::eoFill(GfxState* state) {
  if (plain_ && !paint_frame(*state, is_light(*state, false))) PaintWatch::fill(state);
}

void PaintWatch::stroke(GfxState* state) {
  if (!plain_) return;
  const bool light = is_light(*state, true);
  const double half = state->getTransformedLineWidth() / 2;
  const GfxPath& path = *state->getPath();
  for (int i = 0; i < path.getNumSubpaths() && plain_; ++i) {
    const GfxSubpath& line = *path.getSubpath(i);
    for (int from = 0; from + 1 < line.getNumPoints();) {
      // A curve stays within the box of its four points.
      const int to =
          line.getCurve(from + 1) ? std::min(from + 3, line.getNumPoints() - 1) : from + 1;
      const Area area = box_of(*state, line, from, to);
      paint(*state, {area.left - half, area.top - half, area.right + half, area.bottom + half},
            light);
      from = to;
    }
  }
}

bool PaintWatch::paint_clip(GfxState& state) {
  Area clip;
  state.getClipBBox(&clip.left, &clip.top, &clip.right, &clip.bottom);
  clip.right = std::max(clip.right, clip.left + 2 * kThin);  // Never a mere rule.
  clip.bottom = std::max(clip.bottom, clip.top + 2 * kThin);
  paint(state, clip, false);
  return true;
}

// Images fill the unit square of the state's matrix.
void PaintWatch::paint_image(GfxState& state) {
  Area area = {1e9, 1e9, -1e9, -1e9};
  for (const Point corner : {Point{0, 0}, Point{1, 0}, Point{0, 1}, Point{1, 1}}) {
    Point at;
    state.transform(corner.x, corner.y, &at.x, &at.y);
    area = {std::min(area.left, at.x), std::min(area.top, at.y), std::max(area.right, at.x),
            std::max(area.bottom, at.y)};
  }
  paint(state, area, false);
}

bool PaintWatch::tilingPatternFill(GfxState* state, Gfx*, Catalog*, GfxTilingPattern*,
                                   const double*, int, int, int, int, double, double) {
  return paint_clip(*state);
}
bool PaintWatch::functionShadedFill(GfxState* state, GfxFunctionShading*) {
  return paint_clip(*state);
}
bool PaintWatch::axialShadedFill(GfxState* state, GfxAxialShading*, double, double) {
  return paint_clip(*state);
}
bool PaintWatch::radialShadedFill(GfxState* state, GfxRadialShading*, double, double) {
  return paint_clip(*state);
}
bool PaintWatch::gouraudTriangleShadedFill(GfxState* state, GfxGouraudTriangleShading*) {
  return paint_clip(*state);
}
bool PaintWatch::patchMeshShadedFill(GfxState* state, GfxPatchMeshShading*) {
  return paint_clip(*state);
}

// The base class reads on past an inline image's bytes.
void PaintWatch::drawImageMask(GfxState* state, Object* ref, Stream* bytes, int width, int height,
                               bool invert, bool interpolate, bool in_line) {
  paint_image(*state);
  OutputDev::drawImageMask(state, ref, bytes, width, height, invert, interpolate, in_line);
}
void PaintWatch::drawImage(GfxState* state, Object* ref, Stream* bytes, int width, int height,
                           GfxImageColorMap* colors, bool interpolate, const int* mask,
                           bool in_line) {
  paint_image(*state);
  OutputDev::drawImage(state, ref, bytes, width, height, colors, interpolate, mask, in_line);
}
void PaintWatch::drawMaskedImage(GfxState* state, Object*, Stream*, int, int, GfxImageColorMap*,
                                 bool, Stream*, int, int, bool, bool) {
  paint_image(*state);
}
void PaintWatch::drawSoftMaskedImage(GfxState* state, Object*, Stream*, int, int, GfxImageColorMap*,
                                     bool, Stream*, int, int, GfxImageColorMap*, bool) {
  paint_image(*state);
}
void PaintWatch::setSoftMaskFromImageMask(GfxState*, Object*, Stream*, int, int, bool, bool,
                                          double*) {
  plain_ = false;
}

void PaintWatch::beginTransparencyGroup(GfxState*, const double*, GfxColorSpace*, bool,
                                        bool knockout, bool for_soft_mask) {
  if (knockout || for_soft_mask) plain_ = false;
}

void PaintWatch::paintTransparencyGroup(GfxState* state, const double*) {
  if (!is_opaque(state->getFillOpacity(), *state)) plain_ = false;
}

}  // namespace saseo::pdf_helper
