// The length of the longest common subsequence, 64 cells of a row at a time:
//
//   V = all ones;  for each token t of b:  U = V & M[t];  V = (V + U) | (V - U)
//
// where bit i of M[t] says that a[i] is t; the length is the number of zeros in V at the end.
// Time |a| |b| / 64, memory |a| beside a mask for each of at most 64 frequent tokens.
//
// Source: Hyyrö, "Bit-parallel LCS-length computation revisited", AWOCA 2004.
#pragma once

#include <cstddef>
#include <string_view>

namespace saseo::eval {

// Only so many tokens of either text are compared (half a second at the worst).
inline constexpr std::size_t kMaxSubsequenceTokens = 100'000;

std::size_t common_subsequence_length(std::u32string_view a, std::u32string_view b);

}  // namespace saseo::eval
