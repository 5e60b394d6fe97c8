#include "engine/runtime/memory_plan.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

constexpr std::uint64_t kMebi = 1 << 20;

Model two_billion() {
  Model model;
  model.name = "two-billion";
  model.config = {.architecture = Architecture::kGemma2,
                  .layers = 26,
                  .d = 2304,
                  .ff = 9216,
                  .heads = 8,
                  .kv_heads = 4,
                  .head_dim = 256,
                  .vocab = 256000,
                  .context = 8192,
                  .window = 4096,
                  .window_period = 2};
  model.file_bytes = 1623 * kMebi;
  return model;
}

TEST(MemoryPlan, CountsWeightsCacheAndScratch) {
  const Model model = two_billion();
  const MemoryNeed flat = memory_need(model, {.ring = false}, {});
  EXPECT_EQ(flat.weights, 1623 * kMebi);
  EXPECT_EQ(flat.cache, 104 * 1024ull * 8192);  // 104 KiB a token.
  const MemoryNeed ring = memory_need(model, {.slack = 512}, {});
  EXPECT_EQ(ring.cache, 52 * 1024ull * (8192 + 4608));
  EXPECT_GT(ring.scratch, 512ull * 4 * 2 * 9216);
}

// 0 where another one is not the first thing that is advised.
std::uint32_t advised_context(const Status& refused) {
  const std::vector<Advice>& advice = refused.error().advice;
  if (advice.empty() || advice[0].kind != AdviceKind::kLowerContext) return 0;
  return static_cast<std::uint32_t>(std::stoul(advice[0].subject));
}

TEST(MemoryPlan, SaysWhichContextWouldFit) {
  const Model model = two_billion();
  EXPECT_TRUE(check_memory(model, {}, {}, 4096 * kMebi).ok());
  const Status refused = check_memory(model, {}, {}, 2048 * kMebi);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
  const std::uint32_t context = advised_context(refused);
  EXPECT_TRUE(check_memory(model, {.context = context}, {}, 2048 * kMebi).ok());
  EXPECT_FALSE(check_memory(model, {.context = context + 256}, {}, 2048 * kMebi).ok());
}

TEST(MemoryPlan, SaysWhenTheWeightsAloneAreTooMuch) {
  const Status refused = check_memory(two_billion(), {}, {}, 1024 * kMebi);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().advice, (std::vector<Advice>{{AdviceKind::kChooseSmallerModel, ""}}));
}

TEST(MemoryPlan, CountsWhatIsTakenBeside) {
  const Model model = two_billion();
  const std::uint64_t need = memory_need(model, {}, {}).total();
  EXPECT_TRUE(check_memory(model, {}, {}, need + kMebi, kMebi).ok());
  const Status refused = check_memory(model, {}, {}, need + kMebi - 1, kMebi);
  ASSERT_FALSE(refused.ok());
  const std::uint32_t context = advised_context(refused);
  EXPECT_TRUE(check_memory(model, {.context = context}, {}, need + kMebi - 1, kMebi).ok());
}

TEST(MemoryPlan, KnowsWhatThisMachineHas) { EXPECT_GT(available_memory(), 16 * kMebi); }

}  // namespace
}  // namespace saseo
