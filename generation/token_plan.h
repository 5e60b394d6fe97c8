// What of a prompt fits into a model's context beside its answer. What has no room is left out
// whole and is named, the oldest of the conversation first, then the passages from the last rank.
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"

namespace saseo {

// Tokens of each part of a prompt.
struct TokenCosts {
  std::size_t instructions = 0;
  std::size_t question = 0;
  std::size_t framing = 0;            // Markers and headings around the parts.
  std::vector<std::size_t> turns;     // Of the conversation, oldest first.
  std::vector<std::size_t> passages;  // Best first.
};

struct TokenPlan {
  std::size_t context = 0;  // Positions that the model has.
  std::size_t answer = 0;   // Kept for the answer.
  std::size_t instructions = 0, question = 0, framing = 0, history = 0, passages = 0;
  std::size_t turns_shown = 0;     // The latest.
  std::size_t passages_shown = 0;  // The first.
  std::size_t turns_left_out = 0, passages_left_out = 0;

  std::size_t prompt() const { return instructions + question + framing + history + passages; }
};

// Fails with kLimit, naming the numbers, when the question or the first passage has no room.
Result<TokenPlan> plan_tokens(const TokenCosts& costs, std::size_t context, std::size_t answer);

}  // namespace saseo
