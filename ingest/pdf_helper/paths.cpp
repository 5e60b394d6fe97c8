#include "ingest/pdf_helper/paths.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace saseo::pdf_helper {

Point point_of(const GfxState& state, const GfxSubpath& path, int i) {
  Point out;
  state.transform(path.getX(i), path.getY(i), &out.x, &out.y);
  return out;
}

Area box_of(const GfxState& state, const GfxSubpath& path, int from, int to) {
  Area box = {1e9, 1e9, -1e9, -1e9};
  for (int i = from; i <= to; ++i) {
    const Point at = point_of(state, path, i);
    box = {std::min(box.left, at.x), std::min(box.top, at.y), std::max(box.right, at.x),
           std::max(box.bottom, at.y)};
  }
  return box;
}

bool is_upright_rectangle(const GfxState& state, const GfxSubpath& outline) {
  const int points = outline.getNumPoints();
  if (points < 4 || points > 5) return false;
  constexpr double kTolerance = 0.01;
  const Point first = point_of(state, outline, 0);
  Point before = first;
  bool horizontal_before = false;
  for (int i = 1; i <= 4; ++i) {
    if (i < points && outline.getCurve(i)) return false;
    const Point here = i < points ? point_of(state, outline, i) : first;
    const bool horizontal = std::abs(here.y - before.y) < kTolerance;
    const bool vertical = std::abs(here.x - before.x) < kTolerance;
    if (!horizontal && !vertical) return false;
    if (i > 1 && horizontal == horizontal_before && horizontal != vertical) return false;
    horizontal_before = horizontal && !vertical   ? true
                        : vertical && !horizontal ? false
                                                  : !horizontal_before;
    before = here;
  }
  return std::abs(before.x - first.x) < kTolerance && std::abs(before.y - first.y) < kTolerance;
}

std::optional<Frame> frame_of(const GfxState& state) {
  const GfxPath& path = *state.getPath();
  if (path.getNumSubpaths() != 2) return std::nullopt;
  Area boxes[2];
  for (int i = 0; i < 2; ++i) {
    const GfxSubpath& outline = *path.getSubpath(i);
    if (!is_upright_rectangle(state, outline)) return std::nullopt;
    boxes[i] = box_of(state, outline, 0, outline.getNumPoints() - 1);
  }
  if (boxes[0].left > boxes[1].left) std::swap(boxes[0], boxes[1]);
  const auto& [outer, inner] = boxes;
  if (inner.left < outer.left || inner.top < outer.top || inner.right > outer.right ||
      inner.bottom > outer.bottom)
    return std::nullopt;
  return Frame{outer, inner};
}

}  // namespace saseo::pdf_helper
