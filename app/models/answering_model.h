// What answers a question: the extractive model, or a model file with the options to run it.
//
// Taken is the first that is set: --model, SASEO_MODEL, `model` in config.toml, the default of the
// registry (saseo models use NAME), "extractive".
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/terminal/answer_progress.h"
#include "app/models/mapped_file_guard.h"
#include "app/models/model_loading.h"
#include "app/models/sampling_choice.h"
#include "cli/terminal/session.h"
#include "generation/chat_model.h"
#include "generation/language_model.h"

namespace saseo::cli {

inline constexpr const char* kExtractive = "extractive";
// The best sentences alone, procedures not taken whole: what `saseo eval` measures the other by.
inline constexpr const char* kExtractiveSentences = "extractive-sentences";

struct AnsweringArguments {
  ModelArguments model;
  SamplingArguments sampling;    // Temperature 0 where not given: answers repeat.
  std::uint32_t max_tokens = 0;  // 0: as ChatLanguageOptions has it.
};

// --model and, in a group of their own, what only model files take.
void add_answering_options(CLI::App& command, AnsweringArguments& arguments);
// That group alone.
void add_model_file_options(CLI::App& command, AnsweringArguments& arguments);

// "extractive", a registered name or a path, and where that is set.
Result<Setting<std::string>> answering_model_name(const Session& session,
                                                  const std::string& given = "");

// A model file, open, with how it is to be sampled; for what writes no answers from passages.
struct OpenChatModel {
  std::unique_ptr<ChatModel> model;
  ChatSampling sampling;
  std::vector<MappedFileGuard> guards;  // Of its files; to be kept while the model is.
};
// Fails with kCancelled when stopped.
Result<OpenChatModel> open_chat_model(Session& session, const AnsweringArguments& arguments,
                                      std::stop_token stop);

struct AnsweringModel {
  std::unique_ptr<LanguageModel> model;
  std::vector<MappedFileGuard> guards;  // Of its files; to be kept while the model is.
};
// Shows on a terminal how far a large file is read. Fails with kCancelled when stopped. `progress`
// is borrowed while the model is.
Result<AnsweringModel> open_answering_model(Session& session, const AnsweringArguments& arguments,
                                            AnswerProgress& progress, std::stop_token stop);

}  // namespace saseo::cli
