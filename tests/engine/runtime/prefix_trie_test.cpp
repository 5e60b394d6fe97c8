#include "engine/runtime/prefix_trie.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace saseo {
namespace {

using Tokens = std::vector<TokenId>;
using Match = PrefixTrie::Match;

TEST(PrefixTrie, GivesTheLongestCommonBeginningFirst) {
  PrefixTrie trie;
  trie.insert(Tokens{1, 2, 3, 4}, 1);
  trie.insert(Tokens{1, 2, 9}, 2);
  trie.insert(Tokens{7}, 3);
  EXPECT_EQ(trie.matches(Tokens{1, 2, 3, 8}), (std::vector<Match>{{1, 3}, {2, 2}}));
  EXPECT_EQ(trie.matches(Tokens{1, 2, 9, 9}), (std::vector<Match>{{2, 3}, {1, 2}}));
  EXPECT_EQ(trie.matches(Tokens{1}), (std::vector<Match>{{2, 1}, {1, 1}}));
  EXPECT_EQ(trie.matches(Tokens{7, 7}), (std::vector<Match>{{3, 1}}));
  EXPECT_TRUE(trie.matches(Tokens{5, 1, 2}).empty());
  EXPECT_TRUE(trie.matches({}).empty());
}

TEST(PrefixTrie, HoldsEqualSequencesAndOneThatBeginsAnother) {
  PrefixTrie trie;
  trie.insert(Tokens{1, 2, 3}, 1);
  trie.insert(Tokens{1, 2, 3}, 2);
  trie.insert(Tokens{1, 2}, 3);
  EXPECT_EQ(trie.matches(Tokens{1, 2, 3}), (std::vector<Match>{{2, 3}, {1, 3}, {3, 2}}));
  trie.remove(Tokens{1, 2, 3}, 2);
  EXPECT_EQ(trie.matches(Tokens{1, 2, 3}), (std::vector<Match>{{1, 3}, {3, 2}}));
  trie.remove(Tokens{1, 2}, 3);
  trie.remove(Tokens{1, 2, 3}, 1);
  EXPECT_TRUE(trie.matches(Tokens{1, 2, 3}).empty());
}

TEST(PrefixTrie, FindsWhatComparingEachSequenceFinds) {
  std::mt19937 random(4);
  PrefixTrie trie;
  std::map<PrefixTrie::Holder, Tokens> held;
  const auto some = [&] {
    Tokens tokens(random() % 12);
    for (TokenId& token : tokens) token = static_cast<TokenId>(random() % 3);
    return tokens;
  };
  for (PrefixTrie::Holder step = 1; step < 3000; ++step) {
    if (held.size() > 40 || (!held.empty() && random() % 3 == 0)) {
      const auto any = std::next(held.begin(), static_cast<long>(random() % held.size()));
      trie.remove(any->second, any->first);
      held.erase(any);
    } else {
      trie.insert(held[step] = some(), step);
    }
    const Tokens wanted = some();
    std::vector<Match> expected;
    for (const auto& [holder, tokens] : held) {
      const auto common = std::ranges::mismatch(tokens, wanted).in1 - tokens.begin();
      if (common > 0) expected.push_back({holder, static_cast<std::uint32_t>(common)});
    }
    std::ranges::sort(expected, [](const Match& a, const Match& b) {
      return std::pair(a.common, a.holder) > std::pair(b.common, b.holder);
    });
    ASSERT_EQ(trie.matches(wanted), expected) << "step " << step;
  }
}

}  // namespace
}  // namespace saseo
