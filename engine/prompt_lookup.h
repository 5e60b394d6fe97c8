// Drafts from the text itself: where the last tokens stood before, in the prompt or in the answer,
// what followed them there is likely to follow again. Answers that quote a manual do little else.
//
// The longest of some run lengths that occurs before is taken, at its most recent place. Each place
// is entered under a hash of every run that ends there; a look-up is one probe a length, whatever
// the length of the text.
//
// Source: Saxena, "Prompt Lookup Decoding", 2023.
#pragma once

#include <vector>

#include "engine/draft_source.h"

namespace saseo {

class PromptLookup : public DraftSource {
 public:
  Status begin(std::span<const TokenId> prompt, const SamplingOptions& sampling = {},
               const std::stop_token& stop = {}) override;
  void push(TokenId token) override;
  std::span<const DraftGrade> grades(std::size_t most) override;
  Result<std::span<const TokenId>> draft(std::size_t count, const Sampler& sampler,
                                         const std::stop_token& stop = {}) override;
  std::optional<double> seconds_per_token() const override { return 0; }
  double expected_share(DraftGrade grade) const override;

  // How many of the last tokens stood before (counted up to 64), and the position after that place;
  // 0 where not even the last one did.
  std::size_t match_length() const { return match_length_; }
  std::size_t match_end() const { return match_end_; }

 private:
  std::size_t slot(std::uint64_t hash) const { return hash >> shift_; }
  void grow(std::size_t tokens);
  void enter(std::size_t position);
  void find();

  std::vector<TokenId> tokens_;
  // By hash: 1 + the latest position where such a run ends; 0: none. A newer run takes the place of
  // another with its hash, so what is found is compared.
  std::vector<std::uint32_t> latest_;
  unsigned shift_ = 0;
  std::size_t match_length_ = 0, match_end_ = 0;
  std::vector<DraftGrade> grades_;
  std::vector<TokenId> draft_;
};

}  // namespace saseo
