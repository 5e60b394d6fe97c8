#include "app/models/answering_model.h"

#include "app/models/hosted_model.h"
#include "generation/chat_language_model.h"
#include "generation/extractive_model.h"
#include "generation/local_chat_model.h"

namespace saseo::app {
namespace {

// Checked here, where an error names options, not in the middle of an answer.
Result<ChatSampling> chat_sampling(SamplingChoice choice, const Model& model) {
  if (!choice.temperature) choice.temperature = 0.0f;
  const SamplingOptions sampling = sampling_options(choice, model);
  SASEO_RETURN_IF_ERROR(check_sampling(sampling));
  return ChatSampling{.temperature = sampling.temperature,
                      .top_p = sampling.top_p,
                      .top_k = sampling.top_k,
                      .min_p = sampling.min_p,
                      .repetition_penalty = sampling.repetition_penalty,
                      .presence_penalty = sampling.presence_penalty,
                      .frequency_penalty = sampling.frequency_penalty,
                      .seed = sampling.seed};
}

}  // namespace

Result<Setting<std::string>> answering_model_name(const Application& application,
                                                  const std::string& given) {
  if (!given.empty()) return Setting<std::string>{given, "--model"};
  if (application.config.model.source != kDefaultSource) return application.config.model;
  SASEO_ASSIGN_OR_RETURN(const ModelRegistry registry,
                         ModelRegistry::open(application.config.models));
  if (const RegisteredModel* chosen = registry.default_model())
    return Setting<std::string>{chosen->name, "models use"};
  return application.config.model;
}

Result<OpenChatModel> open_chat_model(const Application& application,
                                      const AnsweringOptions& options, std::stop_token stop) {
  OpenChatModel opened;
  const std::shared_ptr<ModelHost> host = host_model(application, options.model);
  SASEO_ASSIGN_OR_RETURN(const ModelLease lease, host->acquire(stop));
  SASEO_ASSIGN_OR_RETURN(opened.sampling, chat_sampling(options.sampling, lease.model()));
  SASEO_ASSIGN_OR_RETURN(opened.model, make_local_chat_model(host, stop));
  return opened;
}

Result<std::unique_ptr<LanguageModel>> open_answering_model(const Application& application,
                                                            const AnsweringOptions& options,
                                                            const PromptProgress& on_prompt,
                                                            std::stop_token stop) {
  std::unique_ptr<LanguageModel> answering;
  SASEO_ASSIGN_OR_RETURN(const Setting<std::string> name,
                         answering_model_name(application, options.model.model));
  if (name.value == kExtractive || name.value == kExtractiveSentences) {
    SelectionOptions selection;
    if (name.value == kExtractiveSentences) selection.max_steps = 0;
    answering = make_extractive_model(selection);
    return answering;
  }
  AnsweringOptions named = options;
  named.model.model = name.value;
  SASEO_ASSIGN_OR_RETURN(OpenChatModel opened, open_chat_model(application, named, stop));
  ChatLanguageOptions language;
  language.on_prompt = on_prompt;
  if (options.max_tokens != 0) language.max_tokens = options.max_tokens;
  language.sampling = opened.sampling;
  answering = make_chat_language_model(std::move(opened.model), language);
  return answering;
}

}  // namespace saseo::app
