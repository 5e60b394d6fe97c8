// The order in which passages stand in a prompt: such that the next prompt about the same passages
// begins alike, and what was computed of it serves again (engine/runtime/kv_cache_pool.h).
//
// What is shown is decided by rank alone. Of that, passages with which the conversation's last
// prompt began stand first, in its order, up to the first that is not shown again. The others
// follow in groups of three ranks; within a group they stand as in the manual, so that questions
// which find the same passages in another order still give one prompt. A better rank is thus passed
// by two passages at most, or by what was read already.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "retrieval/context.h"

namespace saseo {

// What makes a passage the same text.
struct PassagePlace {
  DocumentId document{};
  std::vector<ByteSpan> segments;
  friend bool operator==(const PassagePlace&, const PassagePlace&) = default;
};
PassagePlace place_of(const Passage& passage);

// Indices of `passages`, best first, in the order of the prompt; `before`: that of the last one,
// empty where there is none.
std::vector<std::size_t> prompt_order(std::span<const Passage> passages,
                                      std::span<const PassagePlace> before);

// The same as they stand: for a model that keeps nothing of a prompt.
std::vector<std::size_t> by_rank(std::span<const Passage> passages);

}  // namespace saseo
