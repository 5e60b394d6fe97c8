// Choosing the next token from logits: penalties, then temperature, min-p, top-k, top-p (each on
// what the ones before have left), then a draw; temperature 0 takes the most likely. Equal logits
// are in the order of their ids.
//
// Sources: top-k, Fan et al. 2018; top-p, Holtzman et al. 2019; min-p, Nguyen et al. 2024;
// repetition penalty, Keskar et al. 2019; presence and frequency penalties as in OpenAI's API.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/model/model.h"

namespace saseo {

struct SamplingOptions {
  float temperature = 0;   // 0: greedy.
  std::int32_t top_k = 0;  // Keep the k most likely; 0: all.
  float top_p = 1;         // Keep the most likely that together have this share; 1: all.
  float min_p = 0;         // Keep those at least this fraction as likely as the most likely.
  float repetition_penalty =
      1;                        // Logits of seen tokens are divided (multiplied if negative) by it.
  float presence_penalty = 0;   // Taken off the logits of seen tokens once ...
  float frequency_penalty = 0;  // ... and once per time seen.
  std::uint32_t penalty_window = 64;  // The latest tokens that count as seen.
  std::uint64_t seed = 0;
  std::vector<std::pair<TokenId, float>> logit_bias;  // Added first; -infinity bans a token.
  // Report log-probabilities: of the token chosen and of this many of the most likely; 0: none.
  std::uint32_t logprobs = 0;
};

// Fails naming the option that is out of its range.
Status check_sampling(const SamplingOptions& options);
// The file's own values where it has some.
SamplingOptions sampling_of(const SamplingDefaults& defaults);

struct TokenLogprob {
  TokenId token = 0;
  float logprob = 0;  // Natural logarithm, of the distribution before temperature and cuts.
};

struct SampledToken {
  TokenId token = 0;
  float logprob = 0;                      // With options.logprobs alone, as is
  std::vector<TokenLogprob> most_likely;  // what follows: so many of them, best first.
};

// Thread-compatible. The same seed and logits give the same tokens on every machine.
class Sampler {
 public:
  // The options were checked.
  explicit Sampler(SamplingOptions options);

  // logits: (vocab). Fails when one is not a number or no token may be chosen. The token chosen
  // counts as seen from then on. `allowed`: the only ones to choose from, in any order.
  Result<SampledToken> sample(std::span<const float> logits,
                              std::optional<std::span<const TokenId>> allowed = std::nullopt);

  // From now on as if this sampler had chosen what the other has: the next random numbers and the
  // tokens that count as seen are the other's; the options stay.
  void stand_where(const Sampler& other);

 private:
  bool penalises() const;
  bool adjusts() const;  // Logits, before one is drawn.
  void penalise(std::vector<float>& logits) const;
  void keep_only(std::span<const TokenId> allowed);
  TokenId draw(std::span<const float> logits, std::size_t best_index);
  double cut_to_share(double share);
  void report(std::span<const float> logits, SampledToken& sampled);
  double uniform();  // [0, 1)

  SamplingOptions options_;
  std::uint64_t state_;
  std::vector<TokenId> seen_;  // The latest penalty_window tokens, a ring.
  std::size_t next_seen_ = 0;
  std::vector<float> adjusted_;                        // (vocab)
  std::vector<std::pair<float, TokenId>> candidates_;  // Logit, then probability.
};

}  // namespace saseo
