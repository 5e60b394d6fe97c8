#include "engine/runtime/session.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <optional>

#include "base/message.h"
#include "engine/forward/kv_cache_io.h"

namespace saseo {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// At the end of an answer, however it ends.
struct Rest {
  ScheduledSequence& sequence;
  ~Rest() { sequence.rest(); }
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
  const std::uint32_t guesses = options.speculation.on() ? options.speculation.max_draft : 0;
  return {.max_batch = options.max_batch,
          .arithmetic = options.arithmetic,
          .max_logits = std::min(1 + guesses, options.max_batch)};
}

std::uint64_t session_bytes(const Model& model, const SessionOptions& options) {
  return sizeof(float) * std::uint64_t{transformer_options(options).max_logits} *
         model.config.vocab;
}

std::uint64_t draft_bytes(const SessionOptions& options, std::uint32_t sessions) {
  return speculation_bytes(options.speculation, kv_options(options), transformer_options(options),
                           sessions);
}

Session::Session(const SessionParts& parts, const SessionOptions& options)
    : pool_(parts.pool),
      model_(parts.scheduler.model()),
      options_(options),
      context_(options.context != 0 ? options.context : model_.config.context),
      sequence_(parts.scheduler) {
  assert(context_ <= pool_.context());
  options_.max_batch = std::min(options.max_batch, parts.scheduler.max_batch());
  if (!options.speculation.on() || options_.max_batch < 2) return;
  const bool drafts = options.speculation.draft_model != nullptr;
  assert(!drafts || (parts.draft && &parts.draft->model() == options.speculation.draft_model));
  speculation_ =
      std::make_unique<Speculation>(options.speculation, model_.config.vocab, options_.max_batch,
                                    drafts ? parts.draft : nullptr, kv_options(options));
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
  if (request.prompt.size() >= context_) {
    return make_error(ErrorCode::kLimit,
                      "The prompt has {} tokens; the context holds {}, the answer included "
                      "(this model was trained for {}).",
                      "프롬프트가 {}토큰인데 문맥은 답변까지 합쳐 {}토큰입니다"
                      "(이 모델의 학습 길이는 {}).",
                      request.prompt.size(), context_, model_.config.context)
        .advise(AdviceKind::kAskWithLessText)
        .advise(AdviceKind::kRaiseContext);
  }
  for (const TokenId id : request.prompt) {
    if (id < 0 || static_cast<std::uint32_t>(id) >= model_.config.vocab) {
      return make_error(ErrorCode::kInvalidArgument, "Token {} is not in the vocabulary of {}.",
                        "토큰 {}은(는) 어휘 {}개를 벗어납니다.", id, model_.config.vocab);
    }
  }
  return check_sampling(request.sampling);
}

// The sequence of one generation, which goes back to the pool however that ends.
class Session::Holding {
 public:
  Holding(Session& session, const GenerationRequest& request) : session_(session) {
    const std::uint64_t positions =
        std::min<std::uint64_t>(session.context_, request.prompt.size() + request.max_tokens);
    ResidentSequence taken = session.pool_.take(request.prompt.first(request.prompt.size() - 1),
                                                static_cast<std::uint32_t>(positions));
    session.cache_ = std::move(taken.cache);
    session.kept_ = std::move(taken.tokens);
    reserved_ = taken.reserved;
  }
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;
  ~Holding() {
    session_.pool_.give_back({std::move(session_.cache_), std::move(session_.kept_), reserved_});
    session_.kept_.clear();
  }

 private:
  Session& session_;
  std::uint64_t reserved_ = 0;
};

Status Session::extend_from_store(const GenerationRequest& request, std::stop_token stop) {
  KvStore* store = pool_.store();
  const auto beginning = request.prompt.first(request.prompt.size() - 1);
  const std::optional<KvStore::Stored> stored = store->load(beginning, cache_);
  if (!stored) {
    kept_.resize(cache_.length());
    return {};
  }
  kept_.assign(beginning.begin(), beginning.begin() + cache_.length());
  const std::uint32_t last = cache_.length() - 1;
  const std::vector<std::byte> written = bytes_at(cache_, last);
  cache_.truncate(last);
  const BatchToken again = {kept_.back(), 0, false};
  const auto computed = sequence_.compute(cache_, {&again, 1}, stop);
  if (computed.ok() && bytes_at(cache_, last) == written) return {};
  const bool stopped = !computed.ok() && computed.error().code == ErrorCode::kCancelled;
  if (!stopped) store->reject(*stored);  // A value that is not a number comes of the file, too.
  cache_.clear();
  kept_.clear();
  return {};
}

void Session::store_shared(const GenerationRequest& request) {
  if (request.shared_prefix > std::min(kept_.size(), request.prompt.size())) return;
  pool_.store()->save(request.prompt.first(request.shared_prefix), cache_);
}

void Session::keep(std::uint32_t length) {
  cache_.truncate(length);
  kept_.resize(length);
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
    const Result<std::span<const float>> computed = sequence_.compute(cache_, batch, stop);
    if (!computed.ok() && computed.error().code == ErrorCode::kCancelled) {
      return std::span<const float>();
    }
    SASEO_ASSIGN_OR_RETURN(logits, computed);
    kept_.insert(kept_.end(), part.begin(), part.end());
    if (on_batch) on_batch(static_cast<std::uint32_t>(kept_.size()));
  }
  return logits;
}

// An answer as it is written.
struct Session::Answer {
  const GenerationRequest& request;
  const TokenSink& sink;
  std::stop_token stop;
  Sampler sampler;
  Speculation* speculation;  // Null where nothing is guessed.
  GenerationResult result;
  Clock::time_point start = Clock::now();  // Of the prefill, then of the decoding.

  std::vector<TokenId> said;         // By the logits of the last step.
  std::span<const TokenId> guesses;  // Whose logits follow those of the last token.
  bool stepped = false;              // There was such a step, and it took so many seconds, empty
  std::optional<double> seconds;     // where others shared it.
};

Result<bool> Session::take(Answer& answer, std::span<const float> logits, std::uint32_t length) {
  GenerationStats& stats = answer.result.stats;
  const auto end = [&](FinishReason reason) {
    answer.result.reason = reason;
    return false;
  };
  if (answer.stop.stop_requested()) return end(FinishReason::kCancelled);
  const GenerationRequest& request = answer.request;
  SASEO_ASSIGN_OR_RETURN(SampledToken token, request.allowed
                                                 ? answer.sampler.sample(logits, request.allowed())
                                                 : answer.sampler.sample(logits));
  if (stats.completion_tokens < request.recorded.size())
    token.token = request.recorded[stats.completion_tokens];
  answer.said.push_back(token.token);
  if (stats.prefill_seconds == 0) {
    stats.prefill_seconds = seconds_since(answer.start);
    answer.start = Clock::now();
  }
  if (std::ranges::find(request.stop_tokens, token.token) != request.stop_tokens.end())
    return end(FinishReason::kStop);
  ++stats.completion_tokens;
  if (answer.speculation != nullptr) answer.speculation->push(token.token);
  if (!answer.sink(token)) return end(FinishReason::kStop);
  if (stats.completion_tokens == request.max_tokens || length == context_)
    return end(FinishReason::kLength);
  return true;
}

Result<std::span<const float>> Session::step(Answer& answer) {
  const TokenId last = answer.said.back();
  answer.said.clear();
  answer.guesses = {};
  if (answer.speculation != nullptr && (options_.speculation.always || sequence_.is_alone())) {
    // One token always comes; a guess more than can follow it would be checked in vain.
    const std::uint32_t wanted =
        answer.request.max_tokens - answer.result.stats.completion_tokens - 1;
    const std::uint32_t room = context_ - cache_.length() - 1;
    const Result<std::span<const TokenId>> guesses =
        answer.speculation->draft(std::min(wanted, room), answer.sampler, answer.stop);
    if (!guesses.ok() && guesses.error().code == ErrorCode::kCancelled)
      return std::span<const float>();
    SASEO_ASSIGN_OR_RETURN(answer.guesses, guesses);
  }
  const auto check_guesses = [&]() {
    std::vector<BatchToken> batch = {{last, 0, true}};
    for (const TokenId guess : answer.guesses) batch.push_back({guess, 0, true});
    Result<std::span<const float>> logits = sequence_.compute(cache_, batch, answer.stop);
    const ScheduledSequence::Pass& pass = sequence_.last_pass();
    answer.stepped = true;
    answer.seconds = pass.shared ? std::nullopt : std::optional(pass.seconds);
    return logits;
  };
  Result<std::span<const float>> logits = check_guesses();
  if (!logits.ok() && logits.error().code != ErrorCode::kCancelled && !answer.guesses.empty()) {
    // A guess may name a damaged weight that the answer itself never touches.
    answer.guesses = {};
    logits = check_guesses();
  }
  if (!logits.ok() && logits.error().code == ErrorCode::kCancelled) {
    return std::span<const float>();
  }
  SASEO_RETURN_IF_ERROR(logits);
  kept_.push_back(last);
  kept_.insert(kept_.end(), answer.guesses.begin(), answer.guesses.end());
  return logits;
}

Result<GenerationResult> Session::generate(const GenerationRequest& request, const TokenSink& sink,
                                           std::stop_token stop) {
  SASEO_RETURN_IF_ERROR(check(request));
  const Rest rest{sequence_};
  Answer answer = {.request = request,
                   .sink = sink,
                   .stop = stop,
                   .sampler = Sampler(request.sampling),
                   .speculation = request.allowed ? nullptr : speculation_.get()};
  GenerationStats& stats = answer.result.stats;
  stats.prompt_tokens = static_cast<std::uint32_t>(request.prompt.size());
  const Holding holding(*this, request);
  const bool stores = pool_.store() != nullptr;
  if (stores) {
    const std::size_t resident = kept_.size();
    SASEO_RETURN_IF_ERROR(extend_from_store(request, stop));
    if (kept_.size() > resident) stats.stored_tokens = cache_.length();
  }
  stats.reused_tokens = cache_.length();
  SASEO_ASSIGN_OR_RETURN(
      std::span<const float> logits,
      append(request.prompt.subspan(stats.reused_tokens), stop, request.on_prompt));
  // A ring forgets the beginning while it answers.
  if (stores && options_.ring) store_shared(request);
  if (answer.speculation != nullptr && !logits.empty()) {
    const Status begun = answer.speculation->begin(request.prompt, request.sampling, stop);
    if (!begun.ok() && begun.error().code != ErrorCode::kCancelled) return begun.error();
  }

  for (bool more = true; more;) {
    if (logits.empty()) {
      answer.result.reason = FinishReason::kCancelled;
      break;
    }
    // The logits after the last token, and as long as a guess is what they say, those after it.
    const std::size_t checked = answer.guesses.size();
    const auto before = static_cast<std::uint32_t>(cache_.length() - checked);
    std::size_t right = 0;
    for (bool same = true; same && more;) {
      SASEO_ASSIGN_OR_RETURN(
          more, take(answer, logits.subspan(right * model_.config.vocab, model_.config.vocab),
                     before + static_cast<std::uint32_t>(right)));
      same = answer.said.size() > right && right < checked &&
             answer.said.back() == answer.guesses[right];
      if (same) ++right;
    }
    keep(before + static_cast<std::uint32_t>(right));
    if (answer.speculation != nullptr && answer.stepped)
      answer.speculation->verified(answer.said, checked, answer.seconds);
    stats.speculation.drafted += static_cast<std::uint32_t>(checked);
    stats.speculation.accepted += static_cast<std::uint32_t>(right);
    stats.speculation.passes += checked > 0 ? 1 : 0;
    if (more) {
      SASEO_ASSIGN_OR_RETURN(logits, step(answer));
    }
  }
  stats.decode_seconds = stats.completion_tokens == 0 ? 0 : seconds_since(answer.start);
  if (stores) {
    if (!options_.ring) store_shared(request);
    stats.store_notes = pool_.store()->take_notes();
  }
  return answer.result;
}

}  // namespace saseo
