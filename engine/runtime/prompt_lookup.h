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

#include "engine/runtime/draft_source.h"

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
  // The latest place of the runs with a hash. Two runs of one hash share it, so what is found is
  // compared.
  struct Place {
    std::uint32_t hash = 0;
    std::uint32_t end = 0;  // 1 + the position of the run's last token; 0: none.
  };
  // Where that hash stands, or the empty place where it is to stand.
  std::size_t slot_of(std::uint64_t hash) const;
  void grow(std::size_t tokens);
  void enter(std::size_t position);
  void find();

  std::vector<TokenId> tokens_;
  std::size_t prompt_tokens_ = 0;  // Of them, the first.
  std::vector<Place> latest_;      // A power of two; open addressing, half empty at least.
  std::size_t match_length_ = 0, match_end_ = 0;
  std::vector<DraftGrade> grades_;
  std::vector<TokenId> draft_;
};

}  // namespace saseo
