// A radix tree over token sequences: which of them begin like a given one, and for how long.
//
// An edge carries a run of tokens; a sequence ends at a node. Source of the form: Morrison,
// "PATRICIA", JACM 1968; of the use for keys and values: Zheng et al., "SGLang", 2024.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "engine/vocabulary/vocabulary.h"

namespace saseo {

// Thread-compatible.
class PrefixTrie {
 public:
  using Holder = std::uint64_t;  // Names a sequence; the caller's choice.

  PrefixTrie();
  PrefixTrie(PrefixTrie&&) noexcept;
  PrefixTrie& operator=(PrefixTrie&&) noexcept;
  ~PrefixTrie();

  // Sequences may be equal, holders not.
  void insert(std::span<const TokenId> tokens, Holder holder);
  // What was inserted.
  void remove(std::span<const TokenId> tokens, Holder holder);

  struct Match {
    Holder holder = 0;
    std::uint32_t common = 0;  // Tokens from the beginning that both have.
    friend bool operator==(const Match&, const Match&) = default;
  };
  // The sequences that share a token or more, the longest common beginning first; equal ones by
  // holder, the largest first.
  std::vector<Match> matches(std::span<const TokenId> tokens) const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

}  // namespace saseo
