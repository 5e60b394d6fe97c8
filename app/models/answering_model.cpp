#include "app/models/answering_model.h"

#include <CLI/CLI.hpp>

#include "cli/say.h"
#include "generation/chat_language_model.h"
#include "generation/extractive_model.h"
#include "generation/local_chat_model.h"

namespace saseo::cli {
namespace {

// Checked here, where an error names options, not in the middle of an answer.
Result<ChatSampling> chat_sampling(SamplingArguments arguments, const Model& model) {
  if (!arguments.temperature) arguments.temperature = 0.0f;
  const SamplingOptions sampling = sampling_options(arguments, model);
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

void add_answering_options(CLI::App& command, AnsweringArguments& arguments) {
  command
      .add_option("-m,--model", arguments.model.model,
                  say("Who answers: extractive, or a model's name or path",
                      "답할 모델: extractive, 등록한 이름 또는 경로"))
      ->type_name("NAME");
  add_model_file_options(command, arguments);
}

void add_model_file_options(CLI::App& command, AnsweringArguments& arguments) {
  const auto& defaults = *command.option_defaults();
  const std::string group = defaults.get_group();
  command.option_defaults()->group(say("Options of model files", "모델 파일의 옵션"));
  add_run_options(command, arguments.model);
  command
      .add_option("--max-tokens", arguments.max_tokens,
                  say("Length of an answer at most: 768", "답의 최대 길이: 768"))
      ->type_name("N")
      ->check(CLI::Range(1, 1 << 20).description(""));
  add_sampling_options(command, arguments.sampling,
                       say("0, as without it: the same answer each time", "0(기본): 늘 같은 답"));
  command.option_defaults()->group(group);
}

Result<Setting<std::string>> answering_model_name(const Session& session,
                                                  const std::string& given) {
  if (!given.empty()) return Setting<std::string>{given, "--model"};
  if (session.config.model.source != kDefaultSource) return session.config.model;
  SASEO_ASSIGN_OR_RETURN(const ModelRegistry registry, ModelRegistry::open(session.config.models));
  if (const RegisteredModel* chosen = registry.default_model())
    return Setting<std::string>{chosen->name, "saseo models use"};
  return session.config.model;
}

Result<OpenChatModel> open_chat_model(Session& session, const AnsweringArguments& arguments,
                                      std::stop_token stop) {
  OpenChatModel opened;
  SASEO_ASSIGN_OR_RETURN(LoadedModel loaded,
                         load_model(session, arguments.model, fit_local_chat, stop));
  opened.guards = std::move(loaded.guards);
  SASEO_ASSIGN_OR_RETURN(opened.sampling, chat_sampling(arguments.sampling, loaded.model));
  SASEO_ASSIGN_OR_RETURN(
      opened.model, make_local_chat_model(std::move(loaded.model), loaded.options,
                                          std::move(loaded.draft), std::move(loaded.kv_store)));
  return opened;
}

Result<AnsweringModel> open_answering_model(Session& session, const AnsweringArguments& arguments,
                                            AnswerProgress& progress, std::stop_token stop) {
  AnsweringModel answering;
  SASEO_ASSIGN_OR_RETURN(const Setting<std::string> name,
                         answering_model_name(session, arguments.model.model));
  if (name.value == kExtractive || name.value == kExtractiveSentences) {
    SelectionOptions selection;
    if (name.value == kExtractiveSentences) selection.max_steps = 0;
    answering.model = make_extractive_model(selection);
    return answering;
  }
  AnsweringArguments named = arguments;
  named.model.model = name.value;
  SASEO_ASSIGN_OR_RETURN(OpenChatModel opened, open_chat_model(session, named, stop));
  answering.guards = std::move(opened.guards);
  ChatLanguageOptions options;
  options.on_prompt = [&progress](std::size_t done, std::size_t all) { progress.show(done, all); };
  if (arguments.max_tokens != 0) options.max_tokens = arguments.max_tokens;
  options.sampling = opened.sampling;
  answering.model = make_chat_language_model(std::move(opened.model), options);
  return answering;
}

}  // namespace saseo::cli
