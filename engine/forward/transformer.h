// The forward pass of Gemma, Gemma 2 and Gemma 3.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "base/aligned_vector.h"
#include "base/result.h"
#include "base/thread_pool.h"
#include "engine/forward/kv_cache.h"
#include "engine/forward/matmul.h"
#include "engine/model/model.h"

namespace saseo {

// A token to append to one of the sequences of a batch.
struct BatchToken {
  TokenId token = 0;
  std::uint32_t sequence = 0;  // Index into the batch's caches.
  bool wants_logits = false;
};

struct TransformerOptions {
  std::uint32_t max_batch = 512;  // Tokens a call at most; scratch memory grows with it.
  Arithmetic arithmetic = Arithmetic::kInteger;
  std::uint32_t max_logits = 1;  // Tokens of a call that want logits at most; for the bytes below.
};

// Bytes of activations that a Transformer keeps for batches of max_batch tokens.
std::uint64_t transformer_scratch_bytes(const ModelConfig& config,
                                        const TransformerOptions& options);

// Thread-compatible: one call at a time. The same tokens give the same bits, whatever shares the
// batch and however many threads work.
class Transformer {
 public:
  // Model and pool are borrowed.
  Transformer(const Model& model, ThreadPool& pool, const TransformerOptions& options = {});

  // Appends the tokens, in order, to their sequences and returns the logits of those that want
  // them: (wanting tokens, vocab), valid until the next call. At most max_batch() tokens, each in
  // the vocabulary; room in the caches is the caller's to check. Fails when a layer's output is not
  // finite (naming the layer), and with kCancelled when stopped, which is looked at before each
  // layer; the sequences are then as before the call.
  Result<std::span<const float>> forward(std::span<const BatchToken> tokens,
                                         std::span<KvCache* const> sequences,
                                         const std::stop_token& stop = {});

  // Exchanges the buffer of the logits for another, whatever that holds: the logits of the last call
  // are then `buffer`, which nobody writes to, and no copy was made.
  void swap_logits(AlignedVector<float>& buffer) { logits_.swap(buffer); }

  std::uint32_t max_batch() const { return options_.max_batch; }
  const Model& model() const { return model_; }

 private:
  void embed(std::span<const BatchToken> tokens);
  void attend(std::uint32_t layer, std::span<const BatchToken> tokens,
              std::span<KvCache* const> sequences);
  void feed_forward(const LayerWeights& layer, std::size_t tokens);
  void mix(std::uint32_t layer, std::span<const BatchToken> tokens,
           std::span<KvCache* const> sequences);
  void normalize(std::span<const float> weight, std::size_t tokens);
  void add_branch(const WeightMatrix& w, std::span<const float> norm, std::size_t n);

  const Model& model_;
  ThreadPool& pool_;
  TransformerOptions options_;
  Activations activations_;
  std::vector<std::uint32_t> positions_;  // (tokens)
  AlignedVector<float> rope_local_;       // (tokens, head_dim): cos of each pair, then sin
  AlignedVector<float> rope_global_;      // (tokens, head_dim)
  AlignedVector<float> x_;                // (tokens, d), the residual stream
  AlignedVector<float> normed_;           // (tokens, d)
  AlignedVector<float> q_;                // (tokens, heads, head_dim)
  AlignedVector<float> k_;                // (tokens, kv_heads, head_dim)
  AlignedVector<float> v_;                // (tokens, kv_heads, head_dim)
  AlignedVector<float> mixed_;            // (tokens, heads, head_dim)
  AlignedVector<float> branch_;           // (tokens, d), what a half-layer adds
  AlignedVector<float> gate_;             // (tokens, ff)
  AlignedVector<float> up_;               // (tokens, ff)
  AlignedVector<float> sizes_;            // (tokens)
  AlignedVector<float> logits_;           // (wanting tokens, vocab)
};

}  // namespace saseo
