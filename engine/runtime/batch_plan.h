// Which of the requests that wait share the next forward pass, and how many tokens of each.
//
// A step (few tokens: the next of an answer, or drafted ones to verify) costs little more in a
// batch than alone, since weights are read once for all; a prompt costs by the token. So steps go
// first, and a prompt beside them goes in small parts: an answer that is being written slows down
// while another's prompt is read, and does not stop.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace saseo {

struct BatchLimits {
  std::uint32_t max_batch = 512;           // Tokens of a forward pass; at least 2.
  std::uint32_t step_tokens = 32;          // A request of at most so many is a step.
  std::uint32_t prompt_beside_steps = 32;  // Tokens of prompts in a batch that has steps. Larger:
                                           // prompts are read sooner, answers wait longer.
};

// waiting: the tokens that each request still has, in the order of their turn. Returns how many of
// each the next batch takes: at least one in all, at most max_batch. While both wait, neither steps
// nor prompts are left out.
std::vector<std::uint32_t> plan_batch(std::span<const std::uint32_t> waiting,
                                      const BatchLimits& limits);

}  // namespace saseo
