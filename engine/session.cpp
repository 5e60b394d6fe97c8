#include "engine/session.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <optional>

#include "base/message.h"
#include "engine/kv_cache_io.h"

namespace saseo {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

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

namespace {

// As large as one sequence may become.
std::unique_ptr<KvCachePool> own_pool(const Model& model, const SessionOptions& options) {
  const KvCacheOptions kv = kv_options(options);
  return std::make_unique<KvCachePool>(model.config, kv, kv_cache_bytes(model.config, kv));
}

}  // namespace

Session::Session(const Model& model, std::unique_ptr<ThreadPool> own_threads, ThreadPool* threads,
                 std::unique_ptr<KvCachePool> own_pool, KvCachePool* pool,
                 const SessionOptions& options)
    : own_threads_(std::move(own_threads)),
      own_pool_(std::move(own_pool)),
      pool_(pool != nullptr ? pool : own_pool_.get()),
      model_(model),
      options_(options),
      context_(options.context != 0 ? options.context : model.config.context),
      transformer_(model, threads != nullptr ? *threads : *own_threads_,
                   transformer_options(options)) {
  assert(context_ <= pool_->context());
}

Session::Session(const Model& model, const SessionOptions& options)
    : Session(model, std::make_unique<ThreadPool>(options.threads), nullptr,
              own_pool(model, options), nullptr, options) {}

Session::Session(const Model& model, ThreadPool& threads, const SessionOptions& options)
    : Session(model, nullptr, &threads, own_pool(model, options), nullptr, options) {}

Session::Session(const Model& model, ThreadPool& threads, KvCachePool& pool,
                 const SessionOptions& options)
    : Session(model, nullptr, &threads, nullptr, &pool, options) {}

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
                      "The prompt has {} tokens; the context holds {}, the answer included. "
                      "Ask with less text, or raise --context (this model was trained for {}).",
                      "프롬프트가 {}토큰인데 문맥은 답변까지 합쳐 {}토큰입니다. "
                      "글을 줄이거나 --context를 늘리세요(이 모델의 학습 길이는 {}).",
                      request.prompt.size(), context_, model_.config.context);
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
    ResidentSequence taken = session.pool_->take(request.prompt.first(request.prompt.size() - 1),
                                                 static_cast<std::uint32_t>(positions));
    session.cache_ = std::move(taken.cache);
    session.kept_ = std::move(taken.tokens);
    reserved_ = taken.reserved;
  }
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;
  ~Holding() {
    session_.pool_->give_back({std::move(session_.cache_), std::move(session_.kept_), reserved_});
    session_.kept_.clear();
  }

 private:
  Session& session_;
  std::uint64_t reserved_ = 0;
};

Status Session::extend_from_store(const GenerationRequest& request, std::stop_token stop) {
  KvStore* store = pool_->store();
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
  KvCache* sequences[] = {&cache_};
  const BatchToken again = {kept_.back(), 0, false};
  const auto computed = transformer_.forward({&again, 1}, sequences, stop);
  if (computed.ok() && bytes_at(cache_, last) == written) return {};
  const bool stopped = !computed.ok() && computed.error().code == ErrorCode::kCancelled;
  if (!stopped) store->reject(*stored);  // A value that is no number comes of the file, too.
  cache_.clear();
  kept_.clear();
  return {};
}

void Session::store_shared(const GenerationRequest& request) {
  if (request.shared_prefix > std::min(kept_.size(), request.prompt.size())) return;
  pool_->store()->save(request.prompt.first(request.shared_prefix), cache_);
}

Result<std::span<const float>> Session::append(std::span<const TokenId> tokens,
                                               std::stop_token stop,
                                               const std::function<void(std::uint32_t)>& on_batch) {
  KvCache* sequences[] = {&cache_};
  std::span<const float> logits;
  for (std::size_t i = 0; i < tokens.size(); i += options_.max_batch) {
    const auto part =
        tokens.subspan(i, std::min<std::size_t>(options_.max_batch, tokens.size() - i));
    std::vector<BatchToken> batch;
    for (const TokenId id : part) batch.push_back({id, 0, false});
    batch.back().wants_logits = i + part.size() == tokens.size();
    const Result<std::span<const float>> computed = transformer_.forward(batch, sequences, stop);
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
  GenerationResult result;
  GenerationStats& stats = result.stats;
  stats.prompt_tokens = static_cast<std::uint32_t>(request.prompt.size());
  auto start = Clock::now();
  const Holding holding(*this, request);
  const bool stores = pool_->store() != nullptr;
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
    if (stats.completion_tokens == request.max_tokens || cache_.length() == context_) {
      result.reason = FinishReason::kLength;
      break;
    }
    SASEO_ASSIGN_OR_RETURN(logits, append(std::span(&token.token, 1), stop));
  }
  stats.decode_seconds = stats.completion_tokens == 0 ? 0 : seconds_since(start);
  if (stores) {
    if (!options_.ring) store_shared(request);
    stats.store_notes = pool_->store()->take_notes();
  }
  return result;
}

}  // namespace saseo
