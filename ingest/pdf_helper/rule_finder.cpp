#include "ingest/pdf_helper/rule_finder.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace saseo::pdf_helper {
namespace {

// Points.
constexpr double kThickest = 3, kShortest = 4;

}  // namespace

void RuleFinder::add(const Area& area) {
  const double width = area.right - area.left, height = area.bottom - area.top;
  if (rules_.size() > kMaxRulesPerPage || std::max(width, height) < kShortest ||
      std::min(width, height) > kThickest)
    return;
  const auto left = static_cast<float>(area.left), top = static_cast<float>(area.top),
             right = static_cast<float>(area.right), bottom = static_cast<float>(area.bottom);
  const float x = (left + right) / 2, y = (top + bottom) / 2;
  rules_.push_back(width > height ? PdfRule{left, y, right, y} : PdfRule{x, top, x, bottom});
}

void RuleFinder::stroke(const GfxState& state) {
  if (state.getTransformedLineWidth() > kThickest) return;
  const GfxPath& path = *state.getPath();
  for (int i = 0; i < path.getNumSubpaths(); ++i) {
    const GfxSubpath& line = *path.getSubpath(i);
    for (int to = 1; to < line.getNumPoints(); ++to) {
      if (line.getCurve(to)) {
        to += 2;
        continue;
      }
      constexpr double kSlant = 0.5;
      const Area area = box_of(state, line, to - 1, to);
      if (std::min(area.right - area.left, area.bottom - area.top) <= kSlant) add(area);
    }
  }
}

void RuleFinder::fill(const GfxState& state) {
  if (const std::optional<Frame> frame = frame_of(state)) {
    const auto& [outer, inner] = *frame;
    add({outer.left, outer.top, outer.right, inner.top});
    add({outer.left, inner.bottom, outer.right, outer.bottom});
    add({outer.left, outer.top, inner.left, outer.bottom});
    add({inner.right, outer.top, outer.right, outer.bottom});
    return;
  }
  const GfxPath& path = *state.getPath();
  for (int i = 0; i < path.getNumSubpaths(); ++i) {
    const GfxSubpath& outline = *path.getSubpath(i);
    if (is_upright_rectangle(state, outline))
      add(box_of(state, outline, 0, outline.getNumPoints() - 1));
  }
}

std::vector<PdfRule> RuleFinder::take() {
  std::vector<PdfRule> rules = std::exchange(rules_, {});
  if (rules.size() > kMaxRulesPerPage) rules.clear();
  return rules;
}

}  // namespace saseo::pdf_helper
