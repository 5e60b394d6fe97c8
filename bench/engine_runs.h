// One repetition each of what engine_bench measures inside this process. A run adds its figures to
// a report; runs may come in any order and as often as wanted.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/thread_pool.h"
#include "bench/bench_report.h"
#include "bench/machine_peaks.h"
#include "engine/forward/transformer.h"
#include "engine/runtime/model_runtime.h"
#include "engine/runtime/session.h"

namespace saseo::bench {

// Bytes of tensors that a token's forward pass reads: every layer's matrices and the output head.
std::uint64_t weight_bytes_per_token(const Model& model);
// Bytes of keys and values that it reads when `length` positions are held.
std::uint64_t kv_bytes_read(const ModelConfig& config, KvType type, std::uint32_t length);

// Thread-compatible.
class EngineRuns {
 public:
  // All borrowed. The model is in panels, as it is when answering. `reader` is empty where memory
  // is not to be measured: then the shares are left out.
  EngineRuns(const Model& model, ThreadPool& pool, const SessionOptions& options,
             const MemoryReader* reader, BenchReport& report);

  // `tokens` random tokens into an empty context, the last one's logits: tokens/s, and the share of
  // the integer peak, measured just before, that the layers' products reach.
  Status prefill(std::uint32_t tokens);
  // `tokens` tokens one by one, each with logits, after `depth`: tokens/s, and the share of the
  // memory speed (the mean of just before and just after) at which weights, keys and values came.
  Status decode(std::uint32_t tokens, std::uint32_t depth);
  // Batches of several tokens with logits for all, after `depth`: milliseconds, and how many times
  // a single token's; the sizes take turns.
  Status verify(std::span<const std::uint32_t> sizes, std::uint32_t depth);
  // A session's answer of `tokens` tokens to a prompt of `prompt` tokens: seconds to the first
  // token and to the last.
  Status answer(std::uint32_t prompt, std::uint32_t tokens);
  // `sessions` sessions that decode `tokens` tokens each after `depth`: all at the same time, and
  // one after the other; tokens/s of all together, and the ratio.
  Status concurrent(std::uint32_t sessions, std::uint32_t tokens, std::uint32_t depth);

 private:
  std::vector<TokenId> random_tokens(std::uint32_t count);
  Status compute(KvCache& cache, std::span<const TokenId> tokens, bool all_logits = false);
  // A cache that holds `depth` random tokens.
  Result<KvCache*> filled(std::uint32_t depth);

  const Model& model_;
  ThreadPool& pool_;
  const SessionOptions options_;
  const MemoryReader* reader_;
  BenchReport& report_;
  Transformer transformer_;
  std::mt19937 random_{1};
  std::map<std::uint32_t, std::unique_ptr<KvCache>> filled_;  // By depth.
};

}  // namespace saseo::bench
