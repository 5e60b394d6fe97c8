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

Result<std::vector<TokenId>> encode(const ChatTemplate& chat,
                                    std::span<const PromptMessage> messages) {
  std::vector<ChatTurn> turns;
  for (const PromptMessage& message : messages)
    turns.push_back({role_of(message.role), message.text});
  return chat.encode(turns);
}

// Tokens of the prompt that come of the shared text and of what stands before it: those that it has
// without the rest, too.
std::uint32_t shared_tokens(const ChatTemplate& chat, const CompletionRequest& request,
                            std::span<const TokenId> prompt) {
  if (request.shared_text == 0 || request.messages.empty()) return 0;
  std::vector<PromptMessage> messages(request.messages.begin(), request.messages.end());
  messages.back().text.resize(std::min(request.shared_text, messages.back().text.size()));
  const Result<std::vector<TokenId>> shared = encode(chat, messages);
  if (!shared.ok()) return 0;
  return static_cast<std::uint32_t>(std::ranges::mismatch(*shared, prompt).in2 - prompt.begin());
}

class LocalChatModel : public ChatModel {
 public:
  LocalChatModel(std::shared_ptr<ModelHost> host, const ModelLease& lease)
      : host_(std::move(host)), name_(lease.model().name) {
    for (const Lane lane : {Lane::kAnswer, Lane::kRewriting})
      contexts_[static_cast<std::size_t>(lane)] =
          lane_options(lease.model(), lease.options(), lane).context;
  }

  std::string_view name() const override { return name_; }
  ChatCapabilities capabilities() const override { return {}; }
  std::size_t context_size(Lane lane) const override {
    return contexts_[static_cast<std::size_t>(lane)];
  }
  Result<std::size_t> count_tokens(std::span<const PromptMessage> messages,
                                   std::stop_token stop) override {
    SASEO_ASSIGN_OR_RETURN(const ModelLease lease, host_->acquire(std::move(stop)));
    if (!lease.chat().ok()) return lease.chat().error();
    SASEO_ASSIGN_OR_RETURN(const std::vector<TokenId> ids, encode(*lease.chat(), messages));
    return ids.size();
  }
  Result<Completion> complete(const CompletionRequest& request, const CompletionSink& sink,
                              std::stop_token stop) override;

 private:
  const std::shared_ptr<ModelHost> host_;
  // As the model was when it was looked at.
  const std::string name_;
  std::array<std::size_t, kLanes> contexts_;  // By lane.
};

Result<Completion> LocalChatModel::complete(const CompletionRequest& request,
                                            const CompletionSink& sink, std::stop_token stop) {
  const Result<ModelLease> acquired = host_->acquire(stop);
  if (!acquired.ok() && acquired.error().code == ErrorCode::kCancelled)
    return Completion{.text = {}, .end = CompletionEnd::kCancelled, .usage = {}};
  if (!acquired.ok()) return acquired.error();
  const ModelLease& lease = *acquired;
  if (!lease.chat().ok()) return lease.chat().error();
  const ChatTemplate& chat = *lease.chat();
  SASEO_ASSIGN_OR_RETURN(const std::vector<TokenId> prompt, encode(chat, request.messages));
  CompletionText text(lease.tokenizer(), request.stop, sink);
  GenerationRequest generation = {.prompt = prompt,
                                  .sampling = sampling_of(request.sampling),
                                  .max_tokens = static_cast<std::uint32_t>(
                                      std::min<std::size_t>(request.max_tokens, UINT32_MAX)),
                                  .stop_tokens = chat.stop_tokens(),
                                  .shared_prefix = shared_tokens(chat, request, prompt)};
  if (request.on_prompt)
    generation.on_prompt = [&](std::uint32_t done) { request.on_prompt(done, prompt.size()); };
  std::optional<ChoiceMatcher> choices;
  if (!request.choices.empty()) {
    choices.emplace(lease.tokenizer(), request.choices, chat.stop_tokens());
    generation.allowed = [&] { return choices->allowed(); };
  }
  const TokenSink take = [&](const SampledToken& token) {
    if (choices) choices->push(token.token);
    return text.push(token.token) && !(choices && choices->finished());
  };
  const BorrowedSession session =
      lease.borrow_session(lane_options(lease.model(), lease.options(), request.lane));
  SASEO_ASSIGN_OR_RETURN(const GenerationResult generated,
                         session->generate(generation, take, stop));
  Completion completion;
  completion.end = end_of(generated.reason);
  completion.usage = usage_of(generated.stats);
  completion.text = std::move(text).finish(completion.end == CompletionEnd::kStop);
  return completion;
}

// How the scheduler of so many conversations computes. One that guesses is alone in its batch.
TransformerOptions shared_transformer(const SessionOptions& answer, std::uint32_t conversations) {
  TransformerOptions transformer = transformer_options(answer);
  transformer.max_logits = std::max(transformer.max_logits, conversations);
  return transformer;
}

// Beside the weights, a sequence that fills the context, and the scheduler.
std::uint64_t bytes_beside(const Model& model, const SessionOptions& options,
                           std::uint32_t conversations) {
  const SessionOptions answer = lane_options(model, options, Lane::kAnswer),
                       rewriting = lane_options(model, options, Lane::kRewriting);
  const std::uint64_t kept = kept_prompt_bytes(model, options, conversations) -
                             kv_cache_bytes(model.config, kv_options(answer));
  const std::uint64_t sessions =
      conversations * (session_bytes(model, answer) + session_bytes(model, rewriting));
  return kept + sessions + draft_bytes(answer, conversations);
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

std::uint64_t kept_prompt_bytes(const Model& model, const SessionOptions& options,
                                std::uint32_t conversations) {
  const auto of_lane = [&](Lane lane) {
    return kv_cache_bytes(model.config, kv_options(lane_options(model, options, lane)));
  };
  // A conversation rewrites or answers, not both at once.
  return conversations * of_lane(Lane::kAnswer) + of_lane(Lane::kRewriting);
}

std::uint64_t local_chat_bytes(const Model& model, const SessionOptions& options,
                               std::uint32_t conversations) {
  const SessionOptions answer = lane_options(model, options, Lane::kAnswer);
  const MemoryNeed need =
      memory_need(model, kv_options(answer), shared_transformer(answer, conversations));
  return need.cache + need.scratch + bytes_beside(model, options, conversations);
}

Result<SessionOptions> fit_local_chats(const Model& model, const SessionOptions& wanted,
                                       std::uint32_t conversations, std::uint64_t limit) {
  const auto check = [&](const SessionOptions& options) {
    const SessionOptions answer = lane_options(model, options, Lane::kAnswer);
    return check_memory(model, kv_options(answer), shared_transformer(answer, conversations), limit,
                        bytes_beside(model, options, conversations));
  };
  SessionOptions options = wanted;
  options.ring = false;
  if (check(options).ok()) return options;
  options.ring = true;
  SASEO_RETURN_IF_ERROR(check(options));
  return options;
}

Result<SessionOptions> fit_local_chat(const Model& model, const SessionOptions& wanted,
                                      std::uint64_t limit) {
  return fit_local_chats(model, wanted, 1, limit);
}

Result<std::unique_ptr<ChatModel>> make_local_chat_model(std::shared_ptr<ModelHost> host,
                                                         std::stop_token stop) {
  SASEO_ASSIGN_OR_RETURN(const ModelLease lease, host->acquire(std::move(stop)));
  if (!lease.chat().ok()) return lease.chat().error();
  std::unique_ptr<ChatModel> made = std::make_unique<LocalChatModel>(std::move(host), lease);
  return made;
}

std::shared_ptr<ModelHost> host_of(Model model, const SessionOptions& options,
                                   std::unique_ptr<const Model> draft,
                                   std::unique_ptr<KvStore> store, std::uint32_t conversations) {
  const std::uint64_t pool_bytes = kept_prompt_bytes(model, options, conversations);
  return std::make_shared<ModelHost>(HostedModel{.model = std::move(model),
                                                 .draft = std::move(draft),
                                                 .options = options,
                                                 .pool_bytes = pool_bytes,
                                                 .store = std::move(store)});
}

Result<std::unique_ptr<ChatModel>> make_local_chat_model(Model model, const SessionOptions& options,
                                                         std::unique_ptr<const Model> draft,
                                                         std::unique_ptr<KvStore> store) {
  return make_local_chat_model(
      host_of(std::move(model), options, std::move(draft), std::move(store)));
}

}  // namespace saseo
