#include "engine/runtime/batch_plan.h"

#include <gtest/gtest.h>

#include <numeric>

namespace saseo {
namespace {

using Tokens = std::vector<std::uint32_t>;

constexpr BatchLimits kLimits = {.max_batch = 64, .step_tokens = 8, .prompt_beside_steps = 16};

Tokens plan(const Tokens& waiting, const BatchLimits& limits = kLimits) {
  return plan_batch(waiting, limits);
}

TEST(BatchPlan, TakesEveryStepAtOnce) { EXPECT_EQ(plan({1, 8, 1}), (Tokens{1, 8, 1})); }

TEST(BatchPlan, GivesAPromptAloneTheWholeBatch) {
  EXPECT_EQ(plan({100}), (Tokens{64}));
  EXPECT_EQ(plan({40}), (Tokens{40}));
}

TEST(BatchPlan, GivesWhatAPromptLeavesToTheNext) {
  EXPECT_EQ(plan({40, 100, 100}), (Tokens{40, 24, 0}));
}

TEST(BatchPlan, PutsStepsBeforeThePromptsThatCameFirst) {
  EXPECT_EQ(plan({100, 1, 100, 2}), (Tokens{16, 1, 0, 2}));
}

TEST(BatchPlan, LeavesRoomForPromptsHoweverManyStepsWait) {
  Tokens waiting(100, 1);
  waiting.push_back(500);
  const Tokens taken = plan(waiting);
  EXPECT_EQ(taken.back(), 16u);
  EXPECT_EQ(std::accumulate(taken.begin(), taken.end(), 0u), 64u);
  // Even where prompts may take more than there is.
  EXPECT_EQ(plan({1, 1, 1, 20}, {.max_batch = 4, .step_tokens = 8, .prompt_beside_steps = 16}),
            (Tokens{1, 1, 0, 2}));
}

TEST(BatchPlan, SplitsAStepThatDoesNotFit) {
  EXPECT_EQ(plan({8, 8, 8}, {.max_batch = 12, .step_tokens = 8}), (Tokens{8, 4, 0}));
}

}  // namespace
}  // namespace saseo
