// What answers a question: the extractive model, or a model file with the options to run it.
//
// Taken is the first that is set: --model, SASEO_MODEL, `model` in config.toml, the default of the
// registry (saseo models use NAME), "extractive".
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "app/models/model_loading.h"
#include "app/models/sampling_choice.h"
#include "app/settings/application.h"
#include "generation/chat_model.h"
#include "generation/language_model.h"

namespace saseo::app {

inline constexpr const char* kExtractive = "extractive";
// The best sentences alone, procedures not taken whole: what `saseo eval` measures the other by.
inline constexpr const char* kExtractiveSentences = "extractive-sentences";

struct AnsweringOptions {
  ModelOptions model;
  SamplingChoice sampling;       // Temperature 0 where not given: answers repeat.
  std::uint32_t max_tokens = 0;  // 0: as ChatLanguageOptions has it.
};

// "extractive", a registered name or a path, and where that is set.
Result<Setting<std::string>> answering_model_name(const Application& application,
                                                  const std::string& given = "");

// A model file, open, with how it is to be sampled; for what writes no answers from passages.
struct OpenChatModel {
  std::unique_ptr<ChatModel> model;
  ChatSampling sampling;
};
// Of a host of its own (hosted_model.h). Fails with kCancelled when stopped. Borrows the
// application.
Result<OpenChatModel> open_chat_model(const Application& application,
                                      const AnsweringOptions& options, std::stop_token stop);

// The listener is told how far a large file is read, `on_prompt` (may be empty) how far the model
// has read a question's passages. Fails with kCancelled when stopped. Borrows the application.
Result<std::unique_ptr<LanguageModel>> open_answering_model(const Application& application,
                                                            const AnsweringOptions& options,
                                                            const PromptProgress& on_prompt,
                                                            std::stop_token stop);

}  // namespace saseo::app
