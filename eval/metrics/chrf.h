// chrF++ as sacreBLEU computes it: n-grams of characters (1 to 6, without white space) and of words
// (1 and 2, one punctuation mark at the end or the beginning of a word taken off) that an answer
// shares with a reference.
//
//   chrF++ = 100 * (1 + 4) P R / (4 P + R)
//
// where P and R are the means, over the orders that both texts have, of the precision and recall of
// each: recall weighs twice as much (beta = 2). Over several references the best counts.
//
// Sources: Popović, "chrF: character n-gram F-score for automatic MT evaluation", WMT 2015, and
// "chrF++: words helping character n-grams", WMT 2017; values equal those of sacreBLEU 2.6.0.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace saseo::eval {

inline constexpr std::size_t kChrfCharacterOrders = 6, kChrfWordOrders = 2;

// All that a score needs of a set of answers, added over them.
struct ChrfCounts {
  struct Order {
    std::size_t of_answer = 0, of_reference = 0, shared = 0;
  };
  std::array<Order, kChrfCharacterOrders + kChrfWordOrders> orders{};  // Characters first.
  ChrfCounts& operator+=(const ChrfCounts& other);
};

// `references` holds at least one.
ChrfCounts chrf_counts(std::string_view answer, std::span<const std::string> references);

// 0 to 100.
double chrf_score(const ChrfCounts& counts);

// "nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:...", see bleu_signature().
std::string chrf_signature(std::optional<std::size_t> references);

}  // namespace saseo::eval
