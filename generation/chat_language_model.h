// A chat model as a LanguageModel: plans the prompt, lets the model write, and checks and cites
// what it writes while it comes (citation_stream.h).
#pragma once

#include <cstddef>
#include <memory>

#include "generation/chat_model.h"
#include "generation/language_model.h"
#include "generation/sentence_checker.h"

namespace saseo {

struct ChatLanguageOptions {
  std::size_t max_tokens = 768;   // Of an answer; at most half of the context.
  std::size_t history_turns = 2;  // Shown at most: the question stands alone, and reading is slow.
  ChatSampling sampling;
  SentenceCheckOptions checks;
  PromptProgress on_prompt;  // May be empty; told of every prompt, those for rewriting too.
};

// An answer that stands in no passage is given back empty, as when the model says that the manuals
// are silent. Where something of it was streamed already, the refusal follows it instead. One
// answer at a time, as `model` completes one prompt at a time: many conversations take a model each,
// which share what is large (local_chat_model.h).
std::unique_ptr<LanguageModel> make_chat_language_model(std::unique_ptr<ChatModel> model,
                                                        const ChatLanguageOptions& options = {});

}  // namespace saseo
