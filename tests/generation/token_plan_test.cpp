#include "generation/token_plan.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

const TokenCosts kCosts = {.instructions = 100,
                           .question = 20,
                           .framing = 10,
                           .turns = {50, 60, 70},
                           .passages = {300, 200, 100}};

TokenPlan planned(std::size_t context) {
  Result<TokenPlan> plan = plan_tokens(kCosts, context, 200);
  EXPECT_TRUE(plan.ok()) << (plan.ok() ? "" : plan.error().message.english);
  return plan.ok() ? *plan : TokenPlan{};
}

TEST(TokenPlan, LeavesNothingOutWhereAllFits) {
  const TokenPlan plan = planned(1110);
  EXPECT_EQ(plan.prompt() + plan.answer, 1110u);
  EXPECT_EQ(plan.turns_shown, 3u);
  EXPECT_EQ(plan.passages_shown, 3u);
  EXPECT_EQ(plan.turns_left_out + plan.passages_left_out, 0u);
}

TEST(TokenPlan, DropsTheOldestOfTheConversationFirst) {
  const TokenPlan plan = planned(1109);
  EXPECT_EQ(plan.turns_left_out, 1u);
  EXPECT_EQ(plan.history, 130u);
  EXPECT_EQ(plan.passages_shown, 3u);
  EXPECT_EQ(planned(1000).turns_left_out, 2u);
  EXPECT_EQ(planned(930).turns_left_out, 3u);
  EXPECT_EQ(planned(930).passages_shown, 3u);
}

TEST(TokenPlan, ThenDropsPassagesFromTheLastRank) {
  const TokenPlan plan = planned(929);
  EXPECT_EQ(plan.turns_shown, 0u);
  EXPECT_EQ(plan.passages_shown, 2u);
  EXPECT_EQ(plan.passages, 500u);
  EXPECT_EQ(plan.passages_left_out, 1u);
  EXPECT_EQ(planned(630).passages_shown, 1u);
  EXPECT_LE(planned(630).prompt() + 200, 630u);
}

TEST(TokenPlan, FailsWithTheNumbersWhenTheBestPassageHasNoRoom) {
  const Result<TokenPlan> plan = plan_tokens(kCosts, 629, 200);
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, ErrorCode::kLimit);
  for (const char* number : {"300", "130", "200", "629", "299"})
    EXPECT_NE(plan.error().message.english.find(number), std::string::npos)
        << plan.error().message.english;
}

TEST(TokenPlan, FailsWithTheNumbersWhenTheQuestionHasNoRoom) {
  TokenCosts costs = kCosts;
  costs.question = 5000;
  const Result<TokenPlan> plan = plan_tokens(costs, 1024, 200);
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, ErrorCode::kLimit);
  for (const char* number : {"5000", "110", "200", "1024", "714"})
    EXPECT_NE(plan.error().message.english.find(number), std::string::npos)
        << plan.error().message.english;
  EXPECT_FALSE(plan_tokens(costs, 100, 200).ok());
}

}  // namespace
}  // namespace saseo
