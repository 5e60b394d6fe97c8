#include "engine/runtime/batch_plan.h"

#include <algorithm>

namespace saseo {

std::vector<std::uint32_t> plan_batch(std::span<const std::uint32_t> waiting,
                                      const BatchLimits& limits) {
  const auto is_step = [&](std::uint32_t tokens) { return tokens <= limits.step_tokens; };
  std::vector<std::uint32_t> taken(waiting.size(), 0);
  const auto take = [&](bool steps, std::uint32_t room) {
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (is_step(waiting[i]) != steps) continue;
      taken[i] = std::min(waiting[i], room);
      room -= taken[i];
    }
    return room;
  };
  const bool steps = std::ranges::any_of(waiting, is_step);
  const bool prompts = !std::ranges::all_of(waiting, is_step);
  if (!steps || !prompts) {
    take(steps, limits.max_batch);
    return taken;
  }
  const std::uint32_t kept = std::min(limits.prompt_beside_steps, limits.max_batch / 2);
  take(true, limits.max_batch - kept);
  take(false, kept);
  return taken;
}

}  // namespace saseo
