// Which questions settings are chosen on, and which are held out to tell what the choice is worth.
//
// The set's own: "dev" and "test", where it has both. Else about half and half, by seed, alike in
// language, type and unanswerable ones. Follow-ups stay with the question that began their
// conversation, and so do questions of the same words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "eval/questions/question_set.h"

namespace saseo::eval {

struct TuningSplit {
  std::vector<std::size_t> tuning, held_out;  // Positions in the set, in its order.
  bool own = false;                           // The set's.
  std::size_t left_out = 0;                   // Of neither split, where the set has its own.
  std::size_t moved = 0;  // Follow-ups that the set had in another split than their beginning.
};

TuningSplit split_for_tuning(std::span<const Question> questions, std::uint64_t seed);

}  // namespace saseo::eval
