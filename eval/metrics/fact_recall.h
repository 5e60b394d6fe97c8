// Recall of required facts: the share of them of which the answer holds an accepted spelling.
//
//   facts = facts with a spelling in the answer / facts
//
// Both sides are compared after NFKC and case folding, without spaces (무선충전 = 무선 충전) and
// without the commas of thousands. A spelling matches anywhere in the text, but
//
//   a number not inside a longer one: "5 W" is not in "25 W", "0.5 W" or "5.2 W"
//   nor with another unit: "5 W" is not in "5 Wh", "3개" not in "3개월"
//   Latin letters only from the beginning of a word: "boot" is not in "reboot"
//   and up to three of them as a whole word or its plural: "SIM" is not in "simple"
//
// Not seen: negation ("... 지원하지 않습니다" holds "지원"), and anything spelled otherwise.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saseo::eval {

// A text to look for spellings in.
class FactText {
 public:
  explicit FactText(std::string_view text);
  bool states(std::string_view spelling) const;

 private:
  bool fits_at(std::size_t begin, const FactText& spelling) const;
  // No space stands between the two in the text.
  bool touches(std::size_t left, std::size_t right) const;
  // The text with its spaces from a character of compact_ on.
  std::u32string_view from(std::size_t at) const;

  std::u32string folded_;             // With its spaces.
  std::u32string compact_;            // Without.
  std::vector<std::size_t> origins_;  // Of each of compact_ in folded_.
};

// Each fact is an array of accepted spellings; one that is empty of letters and digits matches
// nothing. nullopt without facts.
std::optional<double> fact_recall(std::string_view answer,
                                  std::span<const std::vector<std::string>> facts);

}  // namespace saseo::eval
