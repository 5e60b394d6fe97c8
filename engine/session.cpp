#include "engine/session.h"

#include <algorithm>
#include <chrono>

#include "base/message.h"

namespace saseo {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// At the end of an answer, however it ends.
struct Rest {
  std::optional<ScheduledSequence>& sequence;
  ~Rest() {
    if (sequence) sequence->rest();
  }
};

double rate(std::uint32_t tokens, double seconds) { return seconds > 0 ? tokens / seconds : 0; }

}  // namespace

double GenerationStats::prefill_rate() const {
  return rate(prompt_tokens - reused_tokens, prefill_seconds);
}

double GenerationStats::decode_rate() const {
  // The first token comes out of the prefill.
  return rate(completion_tokens > 0 ? completion_tokens - 1 : 0, decode_seconds);
}

KvCacheOptions kv_options(const SessionOptions& options) {
  return {.context = options.context,
          .type = options.kv_type,
          .ring = options.ring,
          .slack = std::max(options.max_batch, KvCacheOptions{}.slack)};
}

TransformerOptions transformer_options(const SessionOptions& options) {
  return {.max_batch = options.max_batch, .arithmetic = options.arithmetic};
}

Session::Session(const Model& model, const SessionOptions& options)
    : own_threads_(std::make_unique<ThreadPool>(options.threads)),
      model_(model),
      options_(options),
      transformer_(std::in_place, model, *own_threads_, transformer_options(options)),
      cache_(model.config, kv_options(options)) {}

Session::Session(const Model& model, ThreadPool& threads, const SessionOptions& options)
    : model_(model),
      options_(options),
      transformer_(std::in_place, model, threads, transformer_options(options)),
      cache_(model.config, kv_options(options)) {}

Session::Session(BatchScheduler& scheduler, const SessionOptions& options)
    : model_(scheduler.model()),
      options_(options),
      scheduled_(std::in_place, scheduler),
      cache_(model_.config, kv_options(options)) {
  options_.max_batch = std::min(options.max_batch, scheduler.max_batch());
}

void Session::reset() {
  if (cache_.can_truncate(0)) {
    cache_.truncate(0);
  } else {
    cache_ = KvCache(model_.config, kv_options(options_));
  }
  kept_.clear();
}

Status Session::check(const GenerationRequest& request) const {
  if (request.max_tokens == 0) {
    return make_error(ErrorCode::kInvalidArgument,
                      "An answer of 0 tokens was asked for; ask for at least 1.",
                      "답변 길이가 0토큰입니다. 1 이상이어야 합니다.");
  }
  if (request.prompt.empty()) {
    return make_error(ErrorCode::kInvalidArgument, "The prompt is empty.",
                      "프롬프트가 비어 있습니다.");
  }
  if (request.prompt.size() >= cache_.context()) {
    return make_error(ErrorCode::kLimit,
                      "The prompt has {} tokens; the context holds {}, the answer included. "
                      "Ask with less text, or raise --context (this model was trained for {}).",
                      "프롬프트가 {}토큰인데 문맥은 답변까지 합쳐 {}토큰입니다. "
                      "글을 줄이거나 --context를 늘리세요(이 모델의 학습 길이는 {}).",
                      request.prompt.size(), cache_.context(), model_.config.context);
  }
  for (const TokenId id : request.prompt) {
    if (id < 0 || static_cast<std::uint32_t>(id) >= model_.config.vocab) {
      return make_error(ErrorCode::kInvalidArgument, "Token {} is not in the vocabulary of {}.",
                        "토큰 {}은(는) 어휘 {}개를 벗어납니다.", id, model_.config.vocab);
    }
  }
  return check_sampling(request.sampling);
}

std::uint32_t Session::reuse_prefix(std::span<const TokenId> prompt) {
  // The last token is always computed: its logits choose the answer's first.
  const std::size_t most = std::min(kept_.size(), prompt.size() - 1);
  std::size_t same = 0;
  while (same < most && kept_[same] == prompt[same]) ++same;
  if (!cache_.can_truncate(static_cast<std::uint32_t>(same))) {
    reset();
    same = 0;
  }
  cache_.truncate(static_cast<std::uint32_t>(same));
  kept_.resize(same);
  return static_cast<std::uint32_t>(same);
}

Result<std::span<const float>> Session::forward(std::span<const BatchToken> tokens,
                                                const std::stop_token& stop) {
  if (scheduled_) return scheduled_->compute(cache_, tokens, stop);
  KvCache* sequences[] = {&cache_};
  return transformer_->forward(tokens, sequences, stop);
}

Result<std::span<const float>> Session::append(std::span<const TokenId> tokens,
                                               std::stop_token stop,
                                               const std::function<void(std::uint32_t)>& on_batch) {
  std::span<const float> logits;
  for (std::size_t i = 0; i < tokens.size(); i += options_.max_batch) {
    const auto part =
        tokens.subspan(i, std::min<std::size_t>(options_.max_batch, tokens.size() - i));
    std::vector<BatchToken> batch;
    for (const TokenId id : part) batch.push_back({id, 0, false});
    batch.back().wants_logits = i + part.size() == tokens.size();
    const Result<std::span<const float>> computed = forward(batch, stop);
    if (!computed.ok() && computed.error().code == ErrorCode::kCancelled) {
      return std::span<const float>();
    }
    SASEO_ASSIGN_OR_RETURN(logits, computed);
    kept_.insert(kept_.end(), part.begin(), part.end());
    if (on_batch) on_batch(static_cast<std::uint32_t>(kept_.size()));
  }
  return logits;
}

Result<GenerationResult> Session::generate(const GenerationRequest& request, const TokenSink& sink,
                                           std::stop_token stop) {
  SASEO_RETURN_IF_ERROR(check(request));
  const Rest rest{scheduled_};
  GenerationResult result;
  GenerationStats& stats = result.stats;
  stats.prompt_tokens = static_cast<std::uint32_t>(request.prompt.size());
  auto start = Clock::now();
  stats.reused_tokens = reuse_prefix(request.prompt);
  SASEO_ASSIGN_OR_RETURN(
      std::span<const float> logits,
      append(request.prompt.subspan(stats.reused_tokens), stop, request.on_prompt));

  Sampler sampler(request.sampling);
  for (bool first = true;; first = false) {
    if (logits.empty() || stop.stop_requested()) {
      result.reason = FinishReason::kCancelled;
      break;
    }
    SASEO_ASSIGN_OR_RETURN(const SampledToken token, sampler.sample(logits));
    if (first) {
      stats.prefill_seconds = seconds_since(start);
      start = Clock::now();
    }
    if (std::ranges::find(request.stop_tokens, token.token) != request.stop_tokens.end()) {
      result.reason = FinishReason::kStop;
      break;
    }
    ++stats.completion_tokens;
    if (!sink(token)) {
      result.reason = FinishReason::kStop;
      break;
    }
    if (stats.completion_tokens == request.max_tokens || cache_.length() == cache_.context()) {
      result.reason = FinishReason::kLength;
      break;
    }
    SASEO_ASSIGN_OR_RETURN(logits, append(std::span(&token.token, 1), stop));
  }
  stats.decode_seconds = stats.completion_tokens == 0 ? 0 : seconds_since(start);
  return result;
}

}  // namespace saseo
