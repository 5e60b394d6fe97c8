// Paths as poppler's core library paints them, in points from the top left of the page.
#pragma once

#include <GfxState.h>

#include <optional>

namespace saseo::pdf_helper {

struct Area {
  double left = 0, top = 0, right = 0, bottom = 0;
};

struct Point {
  double x = 0, y = 0;
};
Point point_of(const GfxState& state, const GfxSubpath& path, int i);

// The box around the points from one index to another, both included.
Area box_of(const GfxState& state, const GfxSubpath& path, int from, int to);

// One rectangle along the axes.
bool is_upright_rectangle(const GfxState& state, const GfxSubpath& outline);

// The state's path when it is one upright rectangle within another, as the borders of boxes are
// filled by the even-odd rule.
struct Frame {
  Area outer, inner;
};
std::optional<Frame> frame_of(const GfxState& state);

}  // namespace saseo::pdf_helper
