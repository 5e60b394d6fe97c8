#include "generation/prompt_tokens.h"

#include <gtest/gtest.h>

#include "ingest/chunker.h"
#include "tests/generation/scripted_chat_model.h"

namespace saseo {
namespace {

TEST(PromptTokens, AnEstimateCountsTheTextsAndWhatStandsAroundThem) {
  const std::vector<PromptMessage> messages = {{PromptRole::kSystem, "무선 충전하는 방법"},
                                               {PromptRole::kUser, "Charge it for 20 minutes."}};
  EXPECT_EQ(estimate_prompt_tokens(messages),
            estimate_tokens(messages[0].text) + estimate_tokens(messages[1].text) + 2 * 8);
  EXPECT_EQ(estimate_prompt_tokens({}), 0u);
}

TEST(PromptTokens, APlanTakesAQuarterMoreThanAnEstimateAndExactlyWhatIsCounted) {
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
