#include "generation/local_chat_model.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>

#include "engine/runtime/choice_matcher.h"
#include "engine/runtime/memory_plan.h"
#include "engine/runtime/stop_matcher.h"
#include "engine/vocabulary/chat_template.h"
#include "engine/vocabulary/streaming_decoder.h"
#include "engine/vocabulary/tokenizer.h"

namespace saseo {
namespace {

// Instructions, a turn and a question of every length that is asked; more is left to the rules.
constexpr std::uint32_t kRewritingContext = 2048;
constexpr std::uint32_t kRewritingBatch = 64;
constexpr std::size_t kLanes = 2;

ChatRole role_of(PromptRole role) {
  switch (role) {
    case PromptRole::kSystem:
      return ChatRole::kSystem;
    case PromptRole::kUser:
      return ChatRole::kUser;
    case PromptRole::kAssistant:
      return ChatRole::kModel;
  }
  return ChatRole::kUser;
}

CompletionEnd end_of(FinishReason reason) {
  switch (reason) {
    case FinishReason::kStop:
      return CompletionEnd::kStop;
    case FinishReason::kLength:
      return CompletionEnd::kLength;
    case FinishReason::kCancelled:
      return CompletionEnd::kCancelled;
  }
  return CompletionEnd::kStop;
}

SamplingOptions sampling_of(const ChatSampling& chat) {
  SamplingOptions sampling;
  sampling.temperature = chat.temperature;
  sampling.top_k = chat.top_k;
  sampling.top_p = chat.top_p;
  sampling.min_p = chat.min_p;
  sampling.repetition_penalty = chat.repetition_penalty;
  sampling.presence_penalty = chat.presence_penalty;
  sampling.frequency_penalty = chat.frequency_penalty;
  sampling.seed = chat.seed;
  return sampling;
}

TokenUsage usage_of(const GenerationStats& stats) {
  return {.prompt_tokens = stats.prompt_tokens,
          .reused_prefix_tokens = stats.reused_tokens,
          .stored_prefix_tokens = stats.stored_tokens,
          .completion_tokens = stats.completion_tokens,
          .prefill_seconds = stats.prefill_seconds,
          .decode_seconds = stats.decode_seconds,
          .drafted_tokens = stats.speculation.drafted,
          .accepted_tokens = stats.speculation.accepted,
          .draft_passes = stats.speculation.passes,

          .store_notes = stats.store_notes};
}

// Tokens -> text up to a stop string, given out as it becomes certain.
class CompletionText {
 public:
  CompletionText(const Tokenizer& tokenizer, const std::vector<std::string>& stops,
                 const CompletionSink& sink)
      : decoder_(tokenizer), stops_(stops), sink_(sink) {}

  // False: a stop string came, or the sink had enough.
  bool push(TokenId token) {
    give(stops_.push(decoder_.push(token)));
    return wanted_ && !stops_.stopped();
  }
  // `ended`: the model itself ended, so that no character is still to be completed.
  std::string finish(bool ended) && {
    if (wanted_ && ended) give(stops_.push(decoder_.flush()));
    if (wanted_) give(stops_.flush());
    return std::move(text_);
  }

 private:
  void give(const std::string& piece) {
    if (piece.empty()) return;
    text_ += piece;
    wanted_ = sink_(piece);
  }

  StreamingDecoder decoder_;
  StopMatcher stops_;
  const CompletionSink& sink_;
  std::string text_;
  bool wanted_ = true;
};

// As fit_local_chat() counts them.
std::uint64_t pool_bytes(const Model& model, const SessionOptions& options) {
  std::uint64_t bytes = 0;
  for (const Lane lane : {Lane::kAnswer, Lane::kRewriting})
    bytes += kv_cache_bytes(model.config, kv_options(lane_options(model, options, lane)));
  return bytes;
}

class LocalChatModel : public ChatModel {
 public:
  LocalChatModel(Model model, std::unique_ptr<Tokenizer> tokenizer, ChatTemplate chat,
                 const SessionOptions& options, std::unique_ptr<const Model> draft,
                 std::unique_ptr<KvStore> store)
      : model_(std::move(model)),
        draft_(std::move(draft)),
        tokenizer_(std::move(tokenizer)),
        chat_(std::move(chat)),
        options_(options),
        threads_(options.threads),
        pool_(model_.config, kv_options(lane_options(model_, options, Lane::kAnswer)),
              pool_bytes(model_, options), std::move(store)) {}

  std::string_view name() const override { return model_.name; }
  std::size_t context_size(Lane lane) const override {
    return lane_options(model_, options_, lane).context;
  }
  std::size_t count_tokens(std::span<const PromptMessage> messages) override {
    const Result<std::vector<TokenId>> ids = encode(messages);
    assert(ids.ok());
    return ids.ok() ? ids->size() : 0;
  }
  Result<Completion> complete(const CompletionRequest& request, const CompletionSink& sink,
                              std::stop_token stop) override;

 private:
  Result<std::vector<TokenId>> encode(std::span<const PromptMessage> messages) const {
    std::vector<ChatTurn> turns;
    for (const PromptMessage& message : messages)
      turns.push_back({role_of(message.role), message.text});
    return chat_.encode(turns);
  }
  // Tokens of the prompt that come of the shared text and of what stands before it: those that it
  // has without the rest, too.
  std::uint32_t shared_tokens(const CompletionRequest& request,
                              std::span<const TokenId> prompt) const {
    if (request.shared_text == 0 || request.messages.empty()) return 0;
    std::vector<PromptMessage> messages(request.messages.begin(), request.messages.end());
    messages.back().text.resize(std::min(request.shared_text, messages.back().text.size()));
    const Result<std::vector<TokenId>> shared = encode(messages);
    if (!shared.ok()) return 0;
    return static_cast<std::uint32_t>(std::ranges::mismatch(*shared, prompt).in2 - prompt.begin());
  }
  Session& session_of(Lane lane) {
    std::optional<Session>& session = sessions_[static_cast<std::size_t>(lane)];
    if (!session) session.emplace(model_, threads_, pool_, lane_options(model_, options_, lane));
    return *session;
  }

  const Model model_;
  const std::unique_ptr<const Model> draft_;  // What options_ point to; may be empty.
  const std::unique_ptr<Tokenizer> tokenizer_;
  const ChatTemplate chat_;  // Borrows the tokenizer.
  const SessionOptions options_;
  ThreadPool threads_;
  KvCachePool pool_;
  std::array<std::optional<Session>, kLanes> sessions_;  // By lane, made when first used.
};

Result<Completion> LocalChatModel::complete(const CompletionRequest& request,
                                            const CompletionSink& sink, std::stop_token stop) {
  SASEO_ASSIGN_OR_RETURN(const std::vector<TokenId> prompt, encode(request.messages));
  CompletionText text(*tokenizer_, request.stop, sink);
  GenerationRequest generation = {.prompt = prompt,
                                  .sampling = sampling_of(request.sampling),
                                  .max_tokens = static_cast<std::uint32_t>(
                                      std::min<std::size_t>(request.max_tokens, UINT32_MAX)),
                                  .stop_tokens = chat_.stop_tokens(),
                                  .shared_prefix = shared_tokens(request, prompt)};
  if (request.on_prompt)
    generation.on_prompt = [&](std::uint32_t done) { request.on_prompt(done, prompt.size()); };
  std::optional<ChoiceMatcher> choices;
  if (!request.choices.empty()) {
    choices.emplace(*tokenizer_, request.choices, chat_.stop_tokens());
    generation.allowed = [&] { return choices->allowed(); };
  }
  const TokenSink take = [&](const SampledToken& token) {
    if (choices) choices->push(token.token);
    return text.push(token.token) && !(choices && choices->finished());
  };
  SASEO_ASSIGN_OR_RETURN(const GenerationResult generated,
                         session_of(request.lane).generate(generation, take, stop));
  Completion completion;
  completion.end = end_of(generated.reason);
  completion.usage = usage_of(generated.stats);
  completion.text = std::move(text).finish(completion.end == CompletionEnd::kStop);
  return completion;
}

}  // namespace

SessionOptions lane_options(const Model& model, const SessionOptions& options, Lane lane) {
  SessionOptions of_lane = options;
  if (of_lane.context == 0) of_lane.context = model.config.context;
  if (lane == Lane::kRewriting) {
    of_lane.context = std::min(of_lane.context, kRewritingContext);
    of_lane.max_batch = std::min(of_lane.max_batch, kRewritingBatch);
    of_lane.speculation.draft_model = nullptr;  // A line is not worth its reading the prompt.
  }
  return of_lane;
}

Result<SessionOptions> fit_local_chat(const Model& model, const SessionOptions& wanted,
                                      std::uint64_t limit) {
  const auto check = [&](const SessionOptions& options) {
    const SessionOptions answer = lane_options(model, options, Lane::kAnswer),
                         rewriting = lane_options(model, options, Lane::kRewriting);
    const MemoryNeed beside =
        memory_need(model, kv_options(rewriting), transformer_options(rewriting));
    return check_memory(model, kv_options(answer), transformer_options(answer), limit,
                        beside.cache + beside.scratch + draft_bytes(answer));
  };
  SessionOptions options = wanted;
  options.ring = false;
  if (check(options).ok()) return options;
  options.ring = true;
  SASEO_RETURN_IF_ERROR(check(options));
  return options;
}

Result<std::unique_ptr<ChatModel>> make_local_chat_model(Model model, const SessionOptions& options,
                                                         std::unique_ptr<const Model> draft,
                                                         std::unique_ptr<KvStore> store) {
  assert(options.speculation.draft_model == draft.get());
  auto tokenizer = std::make_unique<Tokenizer>(std::move(model.vocabulary));
  SASEO_ASSIGN_OR_RETURN(ChatTemplate chat, ChatTemplate::create(*tokenizer));
  std::unique_ptr<ChatModel> made =
      std::make_unique<LocalChatModel>(std::move(model), std::move(tokenizer), std::move(chat),
                                       options, std::move(draft), std::move(store));
  return made;
}

}  // namespace saseo
