// One conversation with a model: prompts in, tokens out. The keys and values of prompts and answers
// stay in a pool (kv_cache_pool.h), so that a prompt which begins like one before is computed only
// from where it differs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/forward/kv_cache.h"
#include "engine/forward/transformer.h"
#include "engine/model/model.h"
#include "engine/runtime/batch_scheduler.h"
#include "engine/runtime/kv_cache_pool.h"
#include "engine/runtime/sampler.h"
#include "engine/runtime/speculation.h"

namespace saseo {

struct SessionOptions {
  std::uint32_t context = 0;  // Positions of prompt and answer together; 0 takes the model's own.
  KvType kv_type = KvType::kF16;
  // false: layers with a window keep every position too. Takes more memory, and a prompt that
  // shares a short beginning with a long one before still finds it.
  bool ring = true;
  std::size_t threads = 0;        // 0: every processor.
  std::uint32_t max_batch = 256;  // Prompt tokens at a time.
  Arithmetic arithmetic = Arithmetic::kInteger;
  SpeculationOptions speculation;  // Changes the speed, never the tokens.
};

enum class FinishReason {
  kStop,       // A stop token, or the sink had enough.
  kLength,     // max_tokens, or the context is full.
  kCancelled,  // The stop token of the call.
};

struct GenerationStats {
  std::uint32_t prompt_tokens = 0;
  std::uint32_t reused_tokens = 0;  // Of the prompt, whose keys and values were kept ...
  std::uint32_t stored_tokens = 0;  // ... on disk.
  std::uint32_t completion_tokens = 0;
  double prefill_seconds = 0;  // Until the first token was chosen; 0: none was.
  double decode_seconds = 0;   // For those after it.
  SpeculationStats speculation;
  // What of the store on disk was not used or not written, and why; for people.
  std::vector<std::string> store_notes;

  // Tokens a second; 0 where nothing was measured.
  double prefill_rate() const;
  double decode_rate() const;
};

struct GenerationRequest {
  std::span<const TokenId> prompt;  // With its <bos>; not empty.
  SamplingOptions sampling;
  std::uint32_t max_tokens = 512;
  std::span<const TokenId> stop_tokens;
  // For measuring on a recorded answer: its first tokens are these, whatever is sampled, while
  // everything is computed as ever.
  std::span<const TokenId> recorded;
  // May be empty. The tokens among which the next is chosen, asked for before each is; valid until
  // the sink has it. Nothing is guessed ahead then.
  std::function<std::span<const TokenId>()> allowed;
  // The prompt's first tokens with which later ones will begin: what goes into the pool's store on
  // disk, where it has one, once the answer is there.
  std::uint32_t shared_prefix = 0;
  // May be empty. Told after each batch how many of the prompt's tokens are done.
  std::function<void(std::uint32_t done)> on_prompt;
};

// Receives each token as it is chosen, a stop token excepted. Returns false to have no more.
using TokenSink = std::function<bool(const SampledToken&)>;

struct GenerationResult {
  FinishReason reason = FinishReason::kStop;
  GenerationStats stats;
};

KvCacheOptions kv_options(const SessionOptions& options);
TransformerOptions transformer_options(const SessionOptions& options);
// What a session keeps besides what it shares and its draft model's: its logits.
std::uint64_t session_bytes(const Model& model, const SessionOptions& options);
// What a draft model takes besides, weights included, for so many sessions at the same time; 0
// without one.
std::uint64_t draft_bytes(const SessionOptions& options, std::uint32_t sessions = 1);

// What the sessions of a model share (model_runtime.h makes it); borrowed.
struct SessionParts {
  BatchScheduler& scheduler;        // Of the model.
  KvCachePool& pool;                // Of the model, by kv_options().
  BatchScheduler* draft = nullptr;  // Of the draft model; null where there is none.
};

// Thread-compatible: one generation at a time. Sessions of the same parts may generate on different
// threads at the same time; each says what it would say alone.
class Session {
 public:
  // The options' type and form of keys and values, and their arithmetic, are those of the parts;
  // context and batches may be smaller, and the draft model is the parts' or none. Memory for keys
  // and values is taken as it is filled; check_memory() says beforehand whether it will be there.
  Session(const SessionParts& parts, const SessionOptions& options);

  // Fails when the prompt leaves no room for a token (naming both lengths), when a token is not in
  // the vocabulary, when max_tokens is 0, or when the model's output is not a number.
  Result<GenerationResult> generate(const GenerationRequest& request, const TokenSink& sink,
                                    std::stop_token stop = {});

  std::uint32_t context() const { return context_; }
  const Model& model() const { return model_; }

 private:
  class Holding;
  Status check(const GenerationRequest& request) const;
  // Reads from the pool's store what more of the prompt it has, and computes the last position of
  // that again: it counts only where both are the same bit by bit.
  Status extend_from_store(const GenerationRequest& request, std::stop_token stop);
  void store_shared(const GenerationRequest& request);
  // Appends tokens of a prompt; the logits of the last, empty when stopped.
  Result<std::span<const float>> append(std::span<const TokenId> tokens, std::stop_token stop,
                                        const std::function<void(std::uint32_t)>& on_batch = {});
  // Appends the answer's last token and guesses at those after it: as many as the room allows and
  // as pay. The logits of each (1 + guesses_, vocab); empty when stopped.
  struct Answer;
  Result<std::span<const float>> step(Answer& answer);
  // Takes a token from logits that follow `length` positions; whether the answer goes on.
  Result<bool> take(Answer& answer, std::span<const float> logits, std::uint32_t length);
  void keep(std::uint32_t length);

  KvCachePool& pool_;
  const Model& model_;
  SessionOptions options_;
  std::uint32_t context_;
  ScheduledSequence sequence_;
  // Of the pool, during a generation.
  KvCache cache_;
  std::vector<TokenId> kept_;                 // What the cache holds.
  std::unique_ptr<Speculation> speculation_;  // Empty where it is off.
};

}  // namespace saseo
