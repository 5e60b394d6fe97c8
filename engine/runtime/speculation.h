// Exact speculation: several tokens of an answer from one pass over the weights.
//
//   1. A source guesses the next tokens d1 .. dk (prompt_lookup.h, model_draft.h).
//   2. One forward pass over the last token and d1 .. dk gives the model's logits after each.
//   3. The model's own sampler chooses from the logits after the last token: s1. As long as
//      si = di, the logits after di are those after the answer so far, and it goes on with them.
//      The first si that differs is a token of the answer like the others; the rest is taken back.
//
// Each token is thus chosen from the logits, penalties and random number that it would have been
// chosen from without guesses: the forward pass gives a token the same bits whatever shares its
// batch. The text is the same, greedy and for every seed, and so is its distribution. The papers
// accept a guess with probability min(1, p / q) and draw anew from the rest of p, which keeps the
// distribution but not the text of a seed; choosing and comparing is a coupling of the two
// processes that keeps both. A guess that is certain is accepted with its probability under p, as
// there; where a model guesses, common random numbers make the two agree.
//
// While others are in the batch, nothing is guessed. Their tokens share the pass over the weights
// already, which is all that guesses gain; a wrong guess would cost every one of them time, and what
// the policy knows of costs was measured alone.
//
// Sources: Leviathan, Kalman and Matias, ICML 2023; Chen et al. 2023; Saxena, "Prompt Lookup
// Decoding", 2023.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/forward/kv_cache.h"
#include "engine/forward/transformer.h"
#include "engine/model/model.h"
#include "engine/runtime/batch_scheduler.h"
#include "engine/runtime/draft_policy.h"
#include "engine/runtime/draft_source.h"

namespace saseo {

struct SpeculationOptions {
  bool lookup = false;  // Guesses from the prompt and the answer so far.
  // Guesses of a small model, which takes memory and reads each prompt too; borrowed. Its
  // vocabulary is the large one's: check_draft_vocabulary().
  const Model* draft_model = nullptr;
  std::uint32_t max_draft = 15;  // Tokens of a draft at most.
  // Drafts as long as can be, the sources in turn, whether or not they pay: for tests.
  bool always = false;

  bool on() const { return max_draft > 0 && (lookup || draft_model != nullptr); }
};

struct SpeculationStats {
  std::uint32_t drafted = 0;   // Guesses that were checked ...
  std::uint32_t accepted = 0;  // ... and were right.
  std::uint32_t passes = 0;    // Forward passes that checked some.

  double acceptance() const { return drafted > 0 ? static_cast<double>(accepted) / drafted : 0; }
};

// The guesses of one session. Thread-compatible. What it learns of speed and of shares of right
// guesses stays from one answer to the next.
class Speculation {
 public:
  // The options are on(); `vocab`, `max_batch` and `cache` are the session's. `draft`: a scheduler of
  // the options' draft model, borrowed; null where they name none.
  Speculation(const SpeculationOptions& options, std::uint32_t vocab, std::uint32_t max_batch,
              BatchScheduler* draft, const KvCacheOptions& cache);

  // A new answer. Fails with kCancelled when stopped.
  Status begin(std::span<const TokenId> prompt, const SamplingOptions& sampling,
               const std::stop_token& stop);
  // A token of the answer.
  void push(TokenId token);
  // The guesses that are worth checking with the next forward pass: `most` at most, often none.
  // `sampler` is about to choose the token that the first stands for. Valid until the next call.
  Result<std::span<const TokenId>> draft(std::size_t most, const Sampler& sampler,
                                         const std::stop_token& stop);
  // What the model said instead: the tokens from the place of the first guess on; the forward pass
  // over the last token and `checked` guesses took so many seconds, empty where others shared it.
  void verified(std::span<const TokenId> said, std::size_t checked, std::optional<double> seconds);

 private:
  // The best draft of at most `most` tokens; sets its source and grades.
  DraftPolicy::Choice choose(std::size_t most);

  std::size_t max_draft_;
  bool always_;
  std::vector<std::unique_ptr<DraftSource>> sources_;
  std::optional<DraftPolicy> policy_;
  std::size_t source_ = 0;          // Of the current guesses.
  std::vector<TokenId> guesses_;    // Those to check first, then what else cost nothing.
  std::vector<DraftGrade> grades_;  // Of the guesses.
};

// How a session's draft model is computed: `transformer` is the session's.
TransformerOptions draft_transformer_options(const TransformerOptions& transformer);

// Bytes that a draft model takes besides so many sessions, all included; 0 without one. Its weights
// and their scheduler are shared, its keys and values each session's own.
std::uint64_t speculation_bytes(const SpeculationOptions& options, const KvCacheOptions& cache,
                                const TransformerOptions& transformer, std::uint32_t sessions = 1);

}  // namespace saseo
