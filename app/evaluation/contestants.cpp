#include "app/evaluation/contestants.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "app/models/parameter_words.h"
#include "app/settings/version.h"
#include "base/hash.h"
#include "base/message.h"
#include "engine/model/model_identity.h"
#include "eval/run/echo_baseline.h"

namespace saseo::app {
namespace {

// What was asked for of how a model is run, and differs from what holds without it; for people, and
// for the hash of its answers.
std::string run_words(const AnsweringOptions& options) {
  std::string words;
  const auto add = [&](const char* name, const auto& value) {
    words += fmt::format(", {} {}", name, value);
  };
  const auto add_given = [&](const char* name, const auto& value) {
    if (value) add(name, *value);
  };
  const SamplingChoice& sampling = options.sampling;
  add_given("context", options.model.context);
  if (options.model.kv != "f16") add("kv", options.model.kv);
  if (options.max_tokens != 0) add("max-tokens", options.max_tokens);
  add_given("temperature", sampling.temperature);
  add_given("top-p", sampling.top_p);
  add_given("top-k", sampling.top_k);
  add_given("min-p", sampling.min_p);
  add_given("repetition-penalty", sampling.repetition_penalty);
  add_given("presence-penalty", sampling.presence_penalty);
  add_given("frequency-penalty", sampling.frequency_penalty);
  if (sampling.seed != 0) add("seed", sampling.seed);
  return words;
}

// What needs no model file; empty of others.
Message words_of_embedded(const std::string& name) {
  if (name == kExtractive)
    return message("the manual's own steps and sentences", "설명서의 절차와 문장 그대로");
  if (name == kExtractiveSentences)
    return message("the manual's best sentences, procedures not whole",
                   "설명서의 가장 맞는 문장만, 절차를 통째로 옮기지 않음");
  if (name == eval::kEchoBaseline)
    return message("the whole passage found first", "맨 앞에 찾은 대목 그대로");
  if (name == kSearchOnly) return message("the search alone", "검색만");
  return {};
}

}  // namespace

Result<eval::StoredContestant> describe_file(const Application& application,
                                             const std::string& name,
                                             const AnsweringOptions& options) {
  SASEO_ASSIGN_OR_RETURN(const ModelReference reference, find_model(application, name));
  SASEO_ASSIGN_OR_RETURN(const Model model, open_reference(application, reference));
  std::string identity;
  if (reference.registered) {
    for (const RegisteredFile& file : reference.registered->files) identity += file.sha256;
  } else {
    SASEO_ASSIGN_OR_RETURN(identity, model_identity(model));
  }
  eval::StoredContestant stored;
  stored.name = reference.name;
  double bytes = 0;
  std::uint64_t parameters = 0;
  for (const TensorInfo& tensor : model.tensors) {
    bytes += static_cast<double>(tensor.bytes);
    std::uint64_t values = 1;
    for (const std::uint64_t size : tensor.shape) values *= size;
    parameters += values;
  }
  stored.model_bytes = bytes;
  const std::string words = run_words(options);
  stored.description = fmt::format("{} {} {}{}", architecture_name(model.config.architecture),
                                   parameter_words(parameters), model.quantization, words);
  stored.identity = content_hash(identity + '\n' + words);
  return stored;
}

Result<std::vector<eval::ContestantSpec>> contestants_of(const Application& application,
                                                         const std::vector<std::string>& names,
                                                         const AnsweringOptions& options,
                                                         const eval::SearchSettings& search,
                                                         const PromptProgress& on_prompt) {
  std::vector<eval::ContestantSpec> specs;
  for (const std::string& name : names) {
    eval::ContestantSpec spec;
    spec.search = search;
    if (const Message words = words_of_embedded(name); !words.empty()) {
      spec.stored = {name, words.in(application.config.language.value),
                     content_hash(name + '\n' + std::string(version_number())), std::nullopt};
    } else {
      SASEO_ASSIGN_OR_RETURN(spec.stored, describe_file(application, name, options));
    }
    if (std::ranges::any_of(specs, [&](const eval::ContestantSpec& other) {
          return other.stored.name == spec.stored.name;
        }))
      return make_error(ErrorCode::kInvalidArgument, "the contestant {} is named twice",
                        "참가자 {}이(가) 두 번 있습니다", spec.stored.name);
    if (name == eval::kEchoBaseline) {
      spec.open = [](std::stop_token) -> Result<std::unique_ptr<LanguageModel>> {
        return eval::make_echo_model();
      };
    } else if (name != kSearchOnly) {
      AnsweringOptions own = options;
      own.model.model = name;
      spec.open = [&application, on_prompt, own](std::stop_token stop) {
        return open_answering_model(application, own, on_prompt, stop);
      };
    }
    specs.push_back(std::move(spec));
  }
  return specs;
}

}  // namespace saseo::app
