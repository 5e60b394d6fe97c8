#include "bench/engine_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

namespace saseo::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kRoom = 512;  // Positions beyond the depth: more than any run adds.
constexpr int kVerifyTurns = 8;

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  Clock::time_point start_ = Clock::now();
};

std::array<const WeightMatrix*, 7> matrices_of(const LayerWeights& w) {
  return {&w.q, &w.k, &w.v, &w.attention_output, &w.gate, &w.up, &w.down};
}

// Multiply-adds of a token in the layers' matrices.
double layer_products(const Model& model) {
  double products = 0;
  for (const LayerWeights& layer : model.layers) {
    for (const WeightMatrix* w : matrices_of(layer))
      products += static_cast<double>(w->rows) * w->cols;
  }
  return products;
}

}  // namespace

std::uint64_t weight_bytes_per_token(const Model& model) {
  std::uint64_t bytes = model.output.bytes();
  for (const LayerWeights& layer : model.layers) {
    for (const WeightMatrix* w : matrices_of(layer)) bytes += w->bytes();
  }
  return bytes;
}

std::uint64_t kv_bytes_read(const ModelConfig& c, KvType type, std::uint32_t length) {
  const std::uint64_t elements = 2ull * c.kv_dim();
  const std::uint64_t position = type == KvType::kF32   ? 4 * elements
                                 : type == KvType::kF16 ? 2 * elements
                                                        : elements + elements / 32 * 4;
  std::uint64_t bytes = 0;
  for (std::uint32_t l = 0; l < c.layers; ++l)
    bytes += position * (c.is_local(l) ? std::min(length, c.window) : length);
  return bytes;
}

EngineRuns::EngineRuns(const Model& model, ThreadPool& pool, const SessionOptions& options,
                       const MemoryReader* reader, BenchReport& report)
    : model_(model),
      pool_(pool),
      options_(options),
      reader_(reader),
      report_(report),
      transformer_(model, pool, transformer_options(options)) {}

std::vector<TokenId> EngineRuns::random_tokens(std::uint32_t count) {
  std::vector<TokenId> tokens(count);
  for (TokenId& token : tokens) token = static_cast<TokenId>(random_() % model_.config.vocab);
  return tokens;
}

Status EngineRuns::compute(KvCache& cache, std::span<const TokenId> tokens, bool all_logits) {
  KvCache* sequences[] = {&cache};
  std::vector<BatchToken> batch;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    batch.push_back({tokens[i], 0, all_logits || i + 1 == tokens.size()});
    if (batch.size() == transformer_.max_batch() || i + 1 == tokens.size()) {
      SASEO_RETURN_IF_ERROR(transformer_.forward(batch, sequences));
      batch.clear();
    }
  }
  return {};
}

Result<KvCache*> EngineRuns::filled(std::uint32_t depth) {
  std::unique_ptr<KvCache>& cache = filled_[depth];
  if (!cache) {
    KvCacheOptions options = kv_options(options_);
    options.context = depth + kRoom;
    options.ring = false;
    cache = std::make_unique<KvCache>(model_.config, options);
    SASEO_RETURN_IF_ERROR(compute(*cache, random_tokens(depth)));
  }
  cache->truncate(depth);
  return cache.get();
}

Status EngineRuns::prefill(std::uint32_t tokens) {
  const double peak = measure_arithmetic(pool_).int8;
  KvCacheOptions options = kv_options(options_);
  options.context = tokens;
  KvCache cache(model_.config, options);
  const std::vector<TokenId> prompt = random_tokens(tokens);
  const Stopwatch watch;
  SASEO_RETURN_IF_ERROR(compute(cache, prompt));
  const double seconds = watch.seconds();
  const std::string name = fmt::format("prefill {}", tokens);
  report_.add(name, "tokens/s", tokens / seconds);
  if (peak > 0) {
    report_.add(name + ", integer peak", "GOP/s", peak);
    report_.add(name + ", share of it", "%",
                100 * 2e-9 * layer_products(model_) * tokens / seconds / peak);
  }
  return {};
}

Status EngineRuns::decode(std::uint32_t tokens, std::uint32_t depth) {
  SASEO_ASSIGN_OR_RETURN(KvCache* const cache, filled(depth));
  const std::vector<TokenId> next = random_tokens(tokens);
  SASEO_RETURN_IF_ERROR(compute(*cache, random_tokens(1)));  // Wakes the threads.
  cache->truncate(depth);
  const double before = reader_ != nullptr ? reader_->speed(pool_) : 0;
  const Stopwatch watch;
  for (const TokenId token : next) SASEO_RETURN_IF_ERROR(compute(*cache, std::span(&token, 1)));
  const double seconds = watch.seconds();
  const double after = reader_ != nullptr ? reader_->speed(pool_) : 0;

  const std::string name = fmt::format("decode {} at {}", tokens, depth);
  report_.add(name, "tokens/s", tokens / seconds);
  std::uint64_t bytes = tokens * weight_bytes_per_token(model_);
  for (std::uint32_t i = 1; i <= tokens; ++i)
    bytes += kv_bytes_read(model_.config, options_.kv_type, depth + i);
  const double rate = static_cast<double>(bytes) / 1e9 / seconds;
  report_.add(name + ", bytes read", "GB/s", rate);
  if (reader_ != nullptr) {
    report_.add(name + ", memory before", "GB/s", before);
    report_.add(name + ", memory after", "GB/s", after);
    report_.add(name + ", share of memory", "%", 100 * rate / ((before + after) / 2));
  }
  return {};
}

Status EngineRuns::verify(std::span<const std::uint32_t> sizes, std::uint32_t depth) {
  SASEO_ASSIGN_OR_RETURN(KvCache* const cache, filled(depth));
  std::map<std::uint32_t, double> seconds;
  for (int turn = 0; turn < kVerifyTurns; ++turn) {
    for (const std::uint32_t size : sizes) {
      const std::vector<TokenId> tokens = random_tokens(size);
      const Stopwatch watch;
      SASEO_RETURN_IF_ERROR(compute(*cache, tokens, true));
      seconds[size] += watch.seconds() / kVerifyTurns;
      cache->truncate(depth);
    }
  }
  for (const auto& [size, mean] : seconds) {
    const std::string name = fmt::format("verify {} at {}", size, depth);
    report_.add(name, "ms", 1e3 * mean);
    if (seconds.contains(1)) report_.add(name + ", beside one", ": 1", mean / seconds[1]);
  }
  return {};
}

Status EngineRuns::answer(std::uint32_t prompt, std::uint32_t tokens) {
  SessionOptions options = options_;
  options.context = prompt + tokens;
  LoneSession session(model_, options, {.threads = &pool_});
  const std::vector<TokenId> text = random_tokens(prompt);
  const Stopwatch watch;
  double first = 0;
  SASEO_RETURN_IF_ERROR(
      session.generate({.prompt = text, .max_tokens = tokens}, [&](const SampledToken&) {
        if (first == 0) first = watch.seconds();
        return true;
      }));
  const std::string name = fmt::format("answer {} + {}", prompt, tokens);
  report_.add(name + ", first token", "s", first);
  report_.add(name, "s", watch.seconds());
  return {};
}

Status EngineRuns::concurrent(std::uint32_t sessions, std::uint32_t tokens, std::uint32_t depth) {
  SessionOptions options = options_;
  options.context = depth + tokens + 1;
  ModelRuntime runtime(model_, options,
                       {.pool_bytes = sessions * kv_cache_bytes(model_.config, kv_options(options)),
                        .threads = &pool_});
  std::vector<std::unique_ptr<Session>> all;
  std::vector<std::vector<TokenId>> prompts;
  for (std::uint32_t i = 0; i < sessions; ++i) {
    all.push_back(std::make_unique<Session>(runtime.parts(), options));
    prompts.push_back(random_tokens(depth + 1));
    // Once to fill the context; what is timed finds all but the last token there.
    SASEO_RETURN_IF_ERROR(
        all[i]->generate({.prompt = prompts[i], .max_tokens = 1}, [](auto&) { return true; }));
  }
  std::vector<Status> statuses(sessions);
  const auto generate = [&](std::uint32_t i) {
    const auto result =
        all[i]->generate({.prompt = prompts[i], .max_tokens = tokens}, [](auto&) { return true; });
    if (!result.ok()) statuses[i] = result.error();
  };
  const Stopwatch apart;
  for (std::uint32_t i = 0; i < sessions; ++i) generate(i);
  const double alone = apart.seconds();
  const Stopwatch watch;
  std::vector<std::jthread> threads;
  for (std::uint32_t i = 0; i < sessions; ++i) threads.emplace_back(generate, i);
  threads.clear();
  const double together = watch.seconds();
  for (const Status& status : statuses) SASEO_RETURN_IF_ERROR(status);
  const std::string name = fmt::format("concurrent {} x {} at {}", sessions, tokens, depth);
  report_.add(name + ", in turn", "tokens/s", sessions * tokens / alone);
  report_.add(name + ", together", "tokens/s", sessions * tokens / together);
  report_.add(name + ", gain", ": 1", alone / together);
  return {};
}

}  // namespace saseo::bench
