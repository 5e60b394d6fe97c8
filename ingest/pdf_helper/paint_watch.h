// The device behind PageReader: poppler tells it what a page paints, and it keeps for each
// cell of a grid over the page whether there are letters, unknown ground or rules.
#pragma once

#include <GfxState.h>
#include <OutputDev.h>

#include <cstdint>
#include <vector>

#include "ingest/pdf_helper/paths.h"

namespace saseo::pdf_helper {

class GlyphInk;

class PaintWatch : public OutputDev {
 public:
  // Width and height in points, as displayed; the page must be displayed at 72 dpi.
  PaintWatch(GlyphInk& ink, double width, double height);

  bool plain() const { return plain_; }
  // Whether there is a letter somewhere on this piece of a line.
  bool has_letter_between(double left, double right, double y) const;
  // What comes now is not drawn where words are looked for: its letters are not plain.
  void begin_annotations() { in_annotations_ = true; }
  bool in_annotations() const { return in_annotations_; }

  bool upsideDown() override { return true; }
  bool useDrawChar() override { return true; }
  bool interpretType3Chars() override { return false; }
  bool useTilingPatternFill() override { return true; }
  bool useShadedFills(int) override { return true; }

  void saveState(GfxState*) override { odd_clips_.push_back(odd_clips_.back()); }
  void restoreState(GfxState*) override;
  void clip(GfxState* state) override;
  void eoClip(GfxState* state) override { clip(state); }
  void clipToStrokePath(GfxState*) override { odd_clips_.back() = true; }
  void updateTransfer(GfxState* state) override;

  void drawChar(GfxState* state, double x, double y, double dx, double dy, double origin_x,
                double origin_y, CharCode code, int bytes, const Unicode* text,
                int length) override;

  void stroke(GfxState* state) override;
  void fill(GfxState* state) override;
  void eoFill(GfxState* state) override;
  bool tilingPatternFill(GfxState* state, Gfx*, Catalog*, GfxTilingPattern*, const double*, int,
                         int, int, int, double, double) override;
  bool functionShadedFill(GfxState* state, GfxFunctionShading*) override;
  bool axialShadedFill(GfxState* state, GfxAxialShading*, double, double) override;
  bool radialShadedFill(GfxState* state, GfxRadialShading*, double, double) override;
  bool gouraudTriangleShadedFill(GfxState* state, GfxGouraudTriangleShading*) override;
  bool patchMeshShadedFill(GfxState* state, GfxPatchMeshShading*) override;

  void drawImageMask(GfxState*, Object*, Stream*, int, int, bool, bool, bool) override;
  void drawImage(GfxState*, Object*, Stream*, int, int, GfxImageColorMap*, bool, const int*,
                 bool) override;
  void drawMaskedImage(GfxState*, Object*, Stream*, int, int, GfxImageColorMap*, bool, Stream*, int,
                       int, bool, bool) override;
  void drawSoftMaskedImage(GfxState*, Object*, Stream*, int, int, GfxImageColorMap*, bool, Stream*,
                           int, int, GfxImageColorMap*, bool) override;
  void setSoftMaskFromImageMask(GfxState*, Object*, Stream*, int, int, bool, bool,
                                double*) override;

  void beginTransparencyGroup(GfxState*, const double*, GfxColorSpace*, bool, bool knockout,
                              bool for_soft_mask) override;
  void paintTransparencyGroup(GfxState* state, const double*) override;
  void setSoftMask(GfxState*, const double*, bool, Function*, GfxColor*) override {
    plain_ = false;
  }

 private:
  struct Cell {
    bool letter : 1 = false;  // A letter's box touches it.
    bool core : 1 = false;    // The middle of a letter's box is in it.
    bool ground : 1 = false;  // Painted with something that is not surely light.
    std::uint8_t rules : 4 = 0;
  };
  struct Range {
    int left = 0, top = 0, right = -1, bottom = -1;  // Cells; ends included.
  };

  Range cells_of(const Area& area) const;
  // Whether the area and one of these truly overlap, where the cells say that they might.
  bool overlaps_any(const Area& area, const std::vector<Area>& others);
  Cell& cell(int x, int y) { return cells_[static_cast<std::size_t>(y) * columns_ + x]; }
  static bool is_light(GfxState& state, bool stroked);
  void paint(GfxState& state, Area area, bool light);
  void paint_image(GfxState& state);
  bool paint_clip(GfxState& state);
  // Paints what lies between two upright rectangles, as the borders of boxes are filled by the
  // even-odd rule. False when the state's path is something else.
  bool paint_frame(GfxState& state, bool light);
  // Whether a letter at (x, y) is seen. Those that say nothing must only cover nothing.
  bool is_plain_letter(GfxState& state, double x, double y, double advance, CharCode code,
                       int bytes, bool says_something);
  bool put_letter(const Area& area);

  GlyphInk& ink_;
  double cell_size_;
  int columns_, rows_;
  std::vector<Cell> cells_;  // (rows, columns)
  std::vector<Area> letters_, grounds_;
  int comparisons_left_;
  std::vector<bool> odd_clips_ = {false};
  bool plain_ = true, in_annotations_ = false;
};

}  // namespace saseo::pdf_helper
