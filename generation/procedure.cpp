#include "generation/procedure.h"

#include <algorithm>

#include "ingest/block_markers.h"

namespace saseo {
namespace {

using BlockSpan = std::span<const Library::StoredBlock>;

// The block hangs below one of blocks[begin, end), directly or through others.
bool belongs_to(BlockSpan blocks, std::size_t begin, std::size_t end, std::size_t index) {
  int parent = blocks[index].block.parent;
  for (std::size_t hops = 0; parent >= 0 && hops < 16; ++hops) {
    const auto found = std::ranges::find(blocks.begin() + static_cast<std::ptrdiff_t>(begin),
                                         blocks.begin() + static_cast<std::ptrdiff_t>(end), parent,
                                         &Library::StoredBlock::ordinal);
    if (found == blocks.begin() + static_cast<std::ptrdiff_t>(end)) return false;
    if (found->block.kind == BlockKind::kStep || found->block.kind == BlockKind::kListItem)
      return true;
    parent = found->block.parent;
  }
  return false;
}

bool is_loose_warning(const Library::StoredBlock& block) {
  return block.block.kind == BlockKind::kWarning && block.block.parent < 0;
}

// What may stand between two steps without ending the procedure.
bool may_interrupt(const Library::StoredBlock& block) {
  return block.block.kind == BlockKind::kWarning || block.block.kind == BlockKind::kParagraph ||
         block.block.kind == BlockKind::kCaption || block.block.kind == BlockKind::kListItem;
}

// The end of the run of `kind` that starts at `begin`.
BlockRange run_from(BlockSpan blocks, std::size_t begin, BlockKind kind) {
  BlockRange range{begin, begin + 1, 1};
  const int level = blocks[begin].block.level;
  int number = number_of_marker(blocks[begin].block.marker);
  for (std::size_t i = begin + 1; i < blocks.size(); ++i) {
    const Block& block = blocks[i].block;
    if (belongs_to(blocks, begin, i, i)) {
      range.end = i + 1;
    } else if (block.kind == kind && block.level > level) {
      range.end = i + 1;
    } else if (block.kind == kind && block.level == level) {
      const int next = number_of_marker(block.marker);
      if (kind == BlockKind::kStep && next != 0 && number != 0 && next <= number) break;
      if (kind == BlockKind::kListItem && range.end != i) break;
      number = next;
      ++range.steps;
      range.end = i + 1;
    } else if (kind != BlockKind::kStep || !may_interrupt(blocks[i])) {
      break;
    }
  }
  return range;
}

void take_in_warnings(BlockSpan blocks, BlockRange& range) {
  while (range.end < blocks.size() && is_loose_warning(blocks[range.end])) ++range.end;
  std::size_t before = range.begin;
  while (before > 0 && blocks[before - 1].block.kind == BlockKind::kCaption) --before;
  while (before > 0 && is_loose_warning(blocks[before - 1])) range.begin = --before;
}

std::vector<BlockRange> find_runs(BlockSpan blocks, BlockKind kind) {
  std::vector<BlockRange> runs;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].block.kind != kind) continue;
    BlockRange range = run_from(blocks, i, kind);
    i = range.end - 1;
    take_in_warnings(blocks, range);
    if (!runs.empty()) range.begin = std::max(range.begin, runs.back().end);
    runs.push_back(range);
  }
  return runs;
}

}  // namespace

std::vector<BlockRange> find_procedures(BlockSpan blocks) {
  return find_runs(blocks, BlockKind::kStep);
}

std::vector<BlockRange> find_lists(BlockSpan blocks) {
  return find_runs(blocks, BlockKind::kListItem);
}

}  // namespace saseo
