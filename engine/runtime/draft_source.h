// DraftSource: where guesses at an answer's next tokens come from. A guess costs the model little
// to check (speculation.h) and never changes what it says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>

#include "base/result.h"
#include "engine/runtime/sampler.h"
#include "engine/vocabulary/vocabulary.h"

namespace saseo {

// How much a source trusts a token of its draft: a class whose share of right guesses is counted.
using DraftGrade = std::uint8_t;
inline constexpr std::size_t kDraftGrades = 16;

// Thread-compatible. One sequence at a time: begin(), then push() for each token of the answer.
class DraftSource {
 public:
  virtual ~DraftSource() = default;

  // Fails with kCancelled when stopped. The sampling is that of the model whose tokens are guessed.
  virtual Status begin(std::span<const TokenId> prompt, const SamplingOptions& sampling,
                       const std::stop_token& stop) = 0;
  virtual void push(TokenId token) = 0;

  // One grade for each token that a draft of at most `most` would have; free of cost. Valid, as
  // what draft() returns, until the next call.
  virtual std::span<const DraftGrade> grades(std::size_t most) = 0;
  // The next `count` tokens, no more than there are grades. `sampler` stands where it will choose
  // the first of them.
  virtual Result<std::span<const TokenId>> draft(std::size_t count, const Sampler& sampler,
                                                 const std::stop_token& stop) = 0;
  // What draft() takes for each token, as seen so far: 0 where it is nothing worth counting, empty
  // where it was not seen yet.
  virtual std::optional<double> seconds_per_token() const = 0;
  // Right guesses of this grade among `of` before any was seen, for a start.
  virtual double expected_share(DraftGrade grade) const = 0;
};

}  // namespace saseo
