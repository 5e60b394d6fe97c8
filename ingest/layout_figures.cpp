#include "ingest/layout_figures.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/utf8.h"
#include "ingest/block_markers.h"

namespace saseo::layout {
namespace {

constexpr std::size_t kLongestLabel = 40;  // Code points.
constexpr std::size_t kMaxLabels = 40;
constexpr float kFarthest = 90;  // Points between the lowest label and the caption.

std::string text_of(const DraftBlock& block) {
  std::string text;
  for (const PlacedRun& placed : block.runs) {
    if (!text.empty()) text.push_back(' ');
    text += placed.run.text;
  }
  return text;
}

// Numbers, signs and units ("0.5 m 0.5 m"), which no heading consists of.
bool is_measure(std::string_view text) {
  std::size_t letters = 0;
  bool digit = false;
  for (const char32_t c : to_utf32(text)) {
    digit = digit || (c >= '0' && c <= '9');
    const bool letter = is_letter_or_digit(c) && !(c >= '0' && c <= '9');
    letters = letter ? letters + 1 : 0;
    if (is_hangul(c) || is_han(c) || letters > 3) return false;
  }
  return digit;
}

bool has_letter(std::string_view text) {
  return std::ranges::any_of(
      to_utf32(text), [](char32_t c) { return is_letter_or_digit(c) && !(c >= '0' && c <= '9'); });
}

bool is_label(const DraftBlock& block) {
  if (block.runs.empty()) return false;
  const std::string text = text_of(block);
  if (block.kind == BlockKind::kHeading) return is_measure(text);
  if (block.kind != BlockKind::kParagraph) return false;
  const bool sentence = text.ends_with('.') || text.ends_with('?') || text.ends_with('!') ||
                        text.ends_with(':') || text.ends_with(',');
  return !sentence && count_code_points(text) <= kLongestLabel;
}

}  // namespace

void gather_figure_labels(std::vector<DraftBlock>& blocks) {
  std::vector<bool> dropped(blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    DraftBlock& caption = blocks[i];
    if (caption.kind != BlockKind::kCaption || caption.runs.empty() ||
        !names_figure(caption.marker))
      continue;
    const PlacedRun& start = caption.runs.front();
    std::size_t first = i;
    float lowest = 0;
    while (first > 0 && i - first < kMaxLabels && is_label(blocks[first - 1]) &&
           blocks[first - 1].runs.front().page == start.page &&
           blocks[first - 1].runs.back().run.y < start.run.y) {
      --first;
      lowest = std::max(lowest, blocks[first].runs.back().run.bottom);
    }
    if (first == i || start.run.y - lowest > kFarthest) continue;
    caption.cells.push_back(std::move(caption.runs));
    caption.runs.clear();
    for (std::size_t label = first; label < i; ++label) {
      dropped[label] = true;
      if (has_letter(text_of(blocks[label])))
        caption.cells.push_back(std::move(blocks[label].runs));
    }
    if (caption.cells.size() == 1) {
      caption.runs = std::move(caption.cells.front());
      caption.cells.clear();
    }
  }
  // The parents' numbers follow the blocks that stay.
  std::vector<int> place(blocks.size(), -1);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    if (!dropped[i]) place[i] = static_cast<int>(kept++);
  for (DraftBlock& block : blocks)
    if (block.parent >= 0) block.parent = place[static_cast<std::size_t>(block.parent)];
  std::size_t at = 0;
  std::erase_if(blocks, [&](const DraftBlock&) { return dropped[at++]; });
}

}  // namespace saseo::layout
