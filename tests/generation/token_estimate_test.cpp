#include "generation/token_estimate.h"

#include <gtest/gtest.h>

#include "tests/generation/scripted_chat_model.h"

namespace saseo {
namespace {

TEST(TokenEstimate, CountsFourLettersADigitASignOrAnotherCharacterAsAToken) {
  EXPECT_EQ(estimate_tokens(""), 0u);
  EXPECT_EQ(estimate_tokens("the"), 1u);
  EXPECT_EQ(estimate_tokens("charger"), 2u);
  EXPECT_EQ(estimate_tokens("the charger"), 3u) << "a space goes with its word";
  EXPECT_EQ(estimate_tokens("2024"), 4u);
  EXPECT_EQ(estimate_tokens("E-21"), 4u);
  EXPECT_EQ(estimate_tokens("무선 충전"), 4u);
  EXPECT_EQ(estimate_tokens("가\n\n나"), 4u);
  EXPECT_EQ(estimate_tokens("\xF0\x9F\x94\x8B"), 1u) << "a character of four bytes";
}

TEST(TokenEstimate, AddsWhatStandsAroundEachMessage) {
  const std::vector<PromptMessage> messages = {{PromptRole::kSystem, "무선"},
                                               {PromptRole::kUser, ""}};
  EXPECT_EQ(estimate_tokens(messages), 2u + 8 + 8);
}

TEST(TokenEstimate, APlanTakesAQuarterMoreThanAnEstimateAndExactlyWhatIsCounted) {
  ScriptedChat script;
  ScriptedChatModel model(script);
  const std::vector<PromptMessage> messages = {{PromptRole::kUser, "여섯 글자다"}};  // 6 + 4.
  EXPECT_EQ(tokens_to_plan(model, messages, {}).value(), 10u);
  script.can.counts_exactly = false;
  EXPECT_EQ(tokens_to_plan(model, messages, {}).value(), 13u) << "rounded up";
  script.count_fails_on = "글자";
  EXPECT_FALSE(tokens_to_plan(model, messages, {}).ok());
}

}  // namespace
}  // namespace saseo
