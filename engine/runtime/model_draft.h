// Drafts by a small model with the vocabulary of the large one: it reads what the large one reads
// and writes, and goes a few tokens ahead.
//
// Where tokens are drawn at random, it draws with the random numbers and penalties that the large
// one will draw with (common random numbers), so that the two agree as often as their
// distributions allow for draws of this kind.
//
// Source: Leviathan, Kalman and Matias, "Fast Inference from Transformers via Speculative
// Decoding", ICML 2023; Chen et al., "Accelerating Large Language Model Decoding with Speculative
// Sampling", 2023.
#pragma once

#include <optional>
#include <vector>

#include "engine/forward/kv_cache.h"
#include "engine/model/model.h"
#include "engine/runtime/batch_scheduler.h"
#include "engine/runtime/draft_source.h"

namespace saseo {

// Fails, naming both models and the first difference, unless a token means the same to both. One
// may have more rows than the other, as files pad them.
Status check_draft_vocabulary(const Model& target, const Model& draft);

class ModelDraft : public DraftSource {
 public:
  // The scheduler is the small model's and borrowed: drafts of several sessions share its weights
  // and, at the same time, its forward passes. target_vocab: rows of the large model; its tokens
  // beyond the rows of the small one end the drafting until the next begin().
  ModelDraft(BatchScheduler& scheduler, std::uint32_t target_vocab, const KvCacheOptions& cache);

  // Reads the prompt, except for what it shares with the one before.
  Status begin(std::span<const TokenId> prompt, const SamplingOptions& sampling,
               const std::stop_token& stop) override;
  void push(TokenId token) override;
  std::span<const DraftGrade> grades(std::size_t most) override;
  Result<std::span<const TokenId>> draft(std::size_t count, const Sampler& sampler,
                                         const std::stop_token& stop) override;
  std::optional<double> seconds_per_token() const override { return seconds_per_token_; }
  double expected_share(DraftGrade /*grade*/) const override { return 0.7; }

 private:
  // Shortens the cache to what it shares with the sequence, and returns that length.
  std::size_t return_to_sequence();
  Result<std::span<const float>> append(std::span<const TokenId> tokens,
                                        const std::stop_token& stop);

  const Model& model_;
  const std::uint32_t vocab_;  // Tokens that both models have.
  KvCacheOptions cache_options_;
  const std::size_t max_batch_;
  ScheduledSequence passes_;
  KvCache cache_;
  std::vector<TokenId> kept_;      // What the cache holds.
  std::vector<TokenId> sequence_;  // What the large model has read and written.
  bool known_ = true;              // Every token of the sequence is one of vocab_.
  std::optional<Sampler> sampler_;
  std::vector<DraftGrade> grades_;
  std::vector<TokenId> draft_;
  double seconds_ = 0;  // Of the current draft: forward passes and choices, without waiting.
  std::optional<double> seconds_per_token_;
};

}  // namespace saseo
