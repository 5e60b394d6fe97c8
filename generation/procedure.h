// Procedures: numbered steps with all that belongs to them. What a reader must not lose is a step
// in the middle, a nested item or the warning beside a step.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "index/library.h"

namespace saseo {

// A range of the blocks given: steps, their nested items, paragraphs and warnings, and the warnings
// directly before the first and after the last step.
struct BlockRange {
  std::size_t begin = 0, end = 0;
  std::size_t steps = 0;  // Of the outermost level.
  bool contains(std::size_t index) const { return begin <= index && index < end; }
};

// `blocks`: consecutive blocks of one section, in order. Runs of steps that count on from each
// other; a number that starts again starts another procedure.
std::vector<BlockRange> find_procedures(std::span<const Library::StoredBlock> blocks);

// Runs of list items with what belongs to them.
std::vector<BlockRange> find_lists(std::span<const Library::StoredBlock> blocks);

}  // namespace saseo
