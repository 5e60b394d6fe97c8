#include "engine/runtime/model_trial.h"

#include "base/message.h"
#include "engine/runtime/model_runtime.h"

namespace saseo {
namespace {

constexpr std::uint32_t kPromptTokens = 64;
constexpr std::uint32_t kWrittenTokens = 16;

// <bos>, then normal tokens from all over the vocabulary.
std::vector<TokenId> trial_prompt(const Vocabulary& vocabulary, std::uint32_t length) {
  std::vector<TokenId> normal;
  for (std::size_t i = 0; i < vocabulary.kinds.size(); ++i) {
    if (vocabulary.kinds[i] == TokenKind::kNormal) normal.push_back(static_cast<TokenId>(i));
  }
  std::vector<TokenId> prompt = {vocabulary.bos};
  while (prompt.size() < length) {
    prompt.push_back(normal.empty() ? vocabulary.unknown
                                    : normal[prompt.size() * normal.size() / length]);
  }
  return prompt;
}

}  // namespace

SessionOptions trial_options() {
  return {.context = kPromptTokens + kWrittenTokens, .max_batch = kPromptTokens};
}

Result<GenerationStats> try_model(const Model& model, std::stop_token stop) {
  LoneSession session(model, trial_options());
  const std::vector<TokenId> prompt = trial_prompt(model.vocabulary, kPromptTokens);
  SASEO_ASSIGN_OR_RETURN(const GenerationResult result,
                         session.generate(
                             {.prompt = prompt, .max_tokens = kWrittenTokens},
                             [](const SampledToken&) { return true; }, stop));
  if (result.reason == FinishReason::kCancelled) {
    return make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다");
  }
  return result.stats;
}

}  // namespace saseo
