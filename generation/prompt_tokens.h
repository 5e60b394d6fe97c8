// How many tokens of a model's context a prompt takes, to plan with.
//
// Where the model cannot count, as remote ones, the estimate is that of Gemma 2's tokenizer for each
// text (ingest/chunker.h: off by 2 % in English to 8 % in Korean), and eight for the markers around a
// message. Vocabularies of other families need up to a quarter more, so a plan takes a quarter more
// than an estimate: a prompt that does not fit is refused after all of it has been sent.
#pragma once

#include <cstddef>
#include <span>
#include <stop_token>

#include "base/result.h"
#include "generation/chat_model.h"

namespace saseo {

// What a model that cannot count returns from count_tokens().
std::size_t estimate_prompt_tokens(std::span<const PromptMessage> messages);

// As the model counts, and a quarter more where that is an estimate.
Result<std::size_t> tokens_to_plan(ChatModel& model, std::span<const PromptMessage> messages,
                                   std::stop_token stop);

}  // namespace saseo
