#include "engine/runtime/speculation.h"

#include <algorithm>
#include <cassert>

#include "engine/runtime/memory_plan.h"
#include "engine/runtime/model_draft.h"
#include "engine/runtime/prompt_lookup.h"

namespace saseo {
namespace {

// The session's, within what the draft model was trained for.
KvCacheOptions draft_cache(const Model& draft, KvCacheOptions cache) {
  cache.context = std::min(cache.context != 0 ? cache.context : UINT32_MAX, draft.config.context);
  return cache;
}

}  // namespace

TransformerOptions draft_transformer_options(const TransformerOptions& transformer) {
  TransformerOptions draft = transformer;
  draft.max_logits = 1;  // Of one token at a time.
  return draft;
}

Speculation::Speculation(const SpeculationOptions& options, std::uint32_t vocab,
                         std::uint32_t max_batch, BatchScheduler* draft,
                         const KvCacheOptions& cache)
    : max_draft_(std::min(options.max_draft, max_batch - 1)), always_(options.always) {
  assert((options.draft_model == nullptr) == (draft == nullptr));
  assert(options.on());
  if (options.lookup) sources_.push_back(std::make_unique<PromptLookup>());
  if (draft != nullptr) {
    sources_.push_back(
        std::make_unique<ModelDraft>(*draft, vocab, draft_cache(draft->model(), cache)));
  }
  std::vector<const DraftSource*> sources;
  for (const auto& source : sources_) sources.push_back(source.get());
  policy_.emplace(std::move(sources), max_draft_);
}

Status Speculation::begin(std::span<const TokenId> prompt, const SamplingOptions& sampling,
                          const std::stop_token& stop) {
  guesses_.clear();
  policy_->begin();
  for (const auto& source : sources_) {
    SASEO_RETURN_IF_ERROR(source->begin(prompt, sampling, stop));
  }
  return {};
}

void Speculation::push(TokenId token) {
  for (const auto& source : sources_) source->push(token);
}

DraftPolicy::Choice Speculation::choose(std::size_t most) {
  DraftPolicy::Choice best;
  if (always_) {
    source_ = (source_ + 1) % sources_.size();
    const std::span<const DraftGrade> grades = sources_[source_]->grades(most);
    grades_.assign(grades.begin(), grades.end());
    best.count = grades.size();
    return best;
  }
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const std::span<const DraftGrade> grades = sources_[i]->grades(most);
    const DraftPolicy::Choice choice = policy_->choose(i, grades);
    if (i > 0 && (choice.count == 0 || (best.count > 0 && choice.rate <= best.rate))) continue;
    best = choice;
    source_ = i;
    grades_.assign(grades.begin(), grades.end());
  }
  return best;
}

Result<std::span<const TokenId>> Speculation::draft(std::size_t most, const Sampler& sampler,
                                                    const std::stop_token& stop) {
  guesses_.clear();
  const DraftPolicy::Choice best = choose(std::min(most, max_draft_));
  // All that is free is guessed, to be counted though it is not checked.
  const bool free = sources_[source_]->seconds_per_token() == 0.0;
  grades_.resize(free ? grades_.size() : best.count);
  if (grades_.empty()) return std::span<const TokenId>();
  SASEO_ASSIGN_OR_RETURN(const std::span<const TokenId> guesses,
                         sources_[source_]->draft(grades_.size(), sampler, stop));
  guesses_.assign(guesses.begin(), guesses.end());
  return std::span<const TokenId>(guesses_).first(best.count);
}

void Speculation::verified(std::span<const TokenId> said, std::size_t checked,
                           std::optional<double> seconds) {
  if (seconds && checked == 0) policy_->stepped(*seconds);
  if (seconds && checked > 0) policy_->verified(source_, checked, said.size(), *seconds);
  for (std::size_t i = 0; i < std::min(said.size(), guesses_.size()); ++i) {
    const bool right = said[i] == guesses_[i];
    policy_->compared(source_, grades_[i], right);
    if (!right) break;
  }
  guesses_.clear();
}

std::uint64_t speculation_bytes(const SpeculationOptions& options, const KvCacheOptions& cache,
                                const TransformerOptions& transformer, std::uint32_t sessions) {
  if (!options.on() || options.draft_model == nullptr) return 0;
  const Model& draft = *options.draft_model;
  const MemoryNeed need =
      memory_need(draft, draft_cache(draft, cache), draft_transformer_options(transformer));
  const std::uint64_t logits = sizeof(float) * std::uint64_t{draft.config.vocab};
  return need.weights + need.scratch + sessions * (need.cache + logits);
}

}  // namespace saseo
