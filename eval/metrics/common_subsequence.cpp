#include "eval/metrics/common_subsequence.h"

#include <bit>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace saseo::eval {
namespace {

using LengthRow = std::vector<std::uint64_t>;

// V = (V + U) | (V - U) over all words; V - U never borrows, as U is a part of V.
void advance(LengthRow& v, const LengthRow& mask) {
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const std::uint64_t u = v[i] & mask[i];
    const std::uint64_t partial = v[i] + carry;
    const std::uint64_t sum = partial + u;
    carry = static_cast<std::uint64_t>(partial < carry) | static_cast<std::uint64_t>(sum < u);
    v[i] = sum | (v[i] - u);
  }
}

}  // namespace

std::size_t common_subsequence_length(std::u32string_view a, std::u32string_view b) {
  a = a.substr(0, kMaxSubsequenceTokens);
  b = b.substr(0, kMaxSubsequenceTokens);
  if (a.empty() || b.empty()) return 0;

  std::unordered_map<char32_t, std::vector<std::size_t>> positions;
  for (std::size_t i = 0; i < a.size(); ++i) positions[a[i]].push_back(i);

  const std::size_t words = (a.size() + 63) / 64;
  const auto set_bit = [](LengthRow& row, std::size_t at) {
    row[at / 64] |= std::uint64_t{1} << (at % 64);
  };
  // Rare tokens set and clear their bits in one mask; only a frequent one is worth its own.
  std::unordered_map<char32_t, LengthRow> masks;
  for (const auto& [token, at] : positions) {
    if (at.size() <= words) continue;
    LengthRow& mask = masks[token];
    mask.resize(words);
    for (const std::size_t i : at) set_bit(mask, i);
  }

  LengthRow v(words, ~std::uint64_t{0}), scratch(words);
  for (const char32_t token : b) {
    if (const auto mask = masks.find(token); mask != masks.end()) {
      advance(v, mask->second);
      continue;
    }
    const auto at = positions.find(token);
    if (at == positions.end()) continue;
    for (const std::size_t i : at->second) set_bit(scratch, i);
    advance(v, scratch);
    for (const std::size_t i : at->second) scratch[i / 64] = 0;
  }

  std::size_t length = 0;
  for (std::size_t i = 0; i < words; ++i) {
    std::uint64_t zeros = ~v[i];
    if (i + 1 == words && a.size() % 64 != 0) zeros &= (std::uint64_t{1} << (a.size() % 64)) - 1;
    length += static_cast<std::size_t>(std::popcount(zeros));
  }
  return length;
}

}  // namespace saseo::eval
