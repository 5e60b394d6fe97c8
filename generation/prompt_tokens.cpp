#include "generation/prompt_tokens.h"

#include "ingest/chunker.h"

namespace saseo {
namespace {

constexpr std::size_t kTokensAroundMessage = 8;
constexpr std::size_t kMarginShare = 4;  // A quarter.

}  // namespace

std::size_t estimate_prompt_tokens(std::span<const PromptMessage> messages) {
  std::size_t tokens = 0;
  for (const PromptMessage& message : messages)
    tokens += estimate_tokens(message.text) + kTokensAroundMessage;
  return tokens;
}

Result<std::size_t> tokens_to_plan(ChatModel& model, std::span<const PromptMessage> messages,
                                   std::stop_token stop) {
  SASEO_ASSIGN_OR_RETURN(const std::size_t tokens, model.count_tokens(messages, std::move(stop)));
  if (model.capabilities().counts_exactly) return tokens;
  return tokens + (tokens + kMarginShare - 1) / kMarginShare;
}

}  // namespace saseo
