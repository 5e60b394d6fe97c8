#include "engine/runtime/prompt_lookup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace saseo {
namespace {

using Tokens = std::vector<TokenId>;

Tokens draft(PromptLookup& lookup, std::size_t most) {
  const std::size_t count = lookup.grades(most).size();
  const Sampler sampler({});
  const auto guesses = lookup.draft(count, sampler).value();
  return {guesses.begin(), guesses.end()};
}

PromptLookup lookup_of(const Tokens& prompt) {
  PromptLookup lookup;
  EXPECT_TRUE(lookup.begin(prompt).ok());
  return lookup;
}

// The longest suffix that ends at an earlier place, and the latest of those places, by looking at
// all of them.
std::pair<std::size_t, std::size_t> longest_match(const Tokens& tokens) {
  std::size_t best = 0, end = 0;
  for (std::size_t place = 1; place < tokens.size(); ++place) {
    std::size_t length = 0;
    while (length < place && tokens[place - 1 - length] == tokens[tokens.size() - 1 - length])
      ++length;
    if (length > 0 && length >= best) best = length, end = place;
  }
  return {best, end};
}

TEST(PromptLookup, GoesOnAsTheTextDidWhereItsLastTokensStoodBefore) {
  PromptLookup lookup = lookup_of({1, 2, 3, 4, 5, 6, 9, 2, 3});
  EXPECT_EQ(lookup.match_length(), 2u);
  EXPECT_EQ(draft(lookup, 3), (Tokens{4, 5, 6}));
  lookup.push(4);
  EXPECT_EQ(lookup.match_length(), 3u);
  EXPECT_EQ(draft(lookup, 2), (Tokens{5, 6}));
}

TEST(PromptLookup, HasNothingToSayAfterATokenThatIsNew) {
  PromptLookup lookup = lookup_of({1, 2, 3, 4});
  EXPECT_EQ(lookup.match_length(), 0u);
  EXPECT_TRUE(lookup.grades(8).empty());
  EXPECT_TRUE(draft(lookup, 8).empty());
  PromptLookup one = lookup_of({7});
  EXPECT_TRUE(one.grades(8).empty());
}

TEST(PromptLookup, PrefersALongerRunToALaterOneAndTheLatestOfEqualOnes) {
  PromptLookup longer = lookup_of({1, 2, 3, 10, 9, 3, 20, 1, 2, 3});
  EXPECT_EQ(draft(longer, 1), (Tokens{10}));
  PromptLookup later = lookup_of({2, 3, 10, 8, 2, 3, 20, 7, 2, 3});
  EXPECT_EQ(draft(later, 1), (Tokens{20}));
}

TEST(PromptLookup, GoesOnRepeatingWhatRepeats) {
  PromptLookup lookup = lookup_of({1, 2, 3, 1, 2, 3, 1});
  EXPECT_EQ(draft(lookup, 7), (Tokens{2, 3, 1, 2, 3, 1, 2}));
  PromptLookup same = lookup_of({5, 5});
  EXPECT_EQ(draft(same, 3), (Tokens{5, 5, 5}));
}

TEST(PromptLookup, TrustsLongerRunsMore) {
  PromptLookup lookup = lookup_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 2});
  const auto grades = lookup.grades(15);
  ASSERT_EQ(grades.size(), 15u);
  EXPECT_TRUE(std::ranges::is_sorted(grades));
  EXPECT_LT(lookup.expected_share(grades.front()), lookup.expected_share(grades.back()));
}

TEST(PromptLookup, CountsWhatStandsInTheAnswerApart) {
  PromptLookup lookup = lookup_of({1, 2, 3});
  lookup.push(1);
  const DraftGrade in_prompt = lookup.grades(1)[0];
  for (const TokenId token : {8, 9, 8}) lookup.push(token);
  const DraftGrade in_answer = lookup.grades(1)[0];
  EXPECT_NE(in_prompt, in_answer);
  EXPECT_LT(in_answer, kDraftGrades);
}

TEST(PromptLookup, FindsInLongTextsWhatLookingAtEveryPlaceFinds) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    std::mt19937 random(seed);
    Tokens tokens;
    for (int i = 0; i < 40; ++i) tokens.push_back(static_cast<TokenId>(random() % 6));
    PromptLookup lookup = lookup_of(tokens);
    for (int i = 0; i < 1500; ++i) {
      // Now and then a copy of what was, as an answer makes them.
      const std::size_t from = random() % tokens.size();
      const std::size_t length = random() % 30;
      for (std::size_t j = 0; j < (i % 20 == 0 ? length : 1); ++j) {
        const TokenId next = i % 20 == 0 ? tokens[from + j] : static_cast<TokenId>(random() % 6);
        tokens.push_back(next);
        lookup.push(next);
        const auto [longest, end] = longest_match(tokens);
        // Runs of 1 to 4, 6, 8, 12 and 16 are looked for; the match is then as long as it is.
        const std::size_t found = lookup.match_length();
        for (const std::size_t run : {1, 2, 3, 4, 6, 8, 12, 16}) {
          EXPECT_TRUE(longest < run || found >= run) << run;
        }
        ASSERT_LE(found, longest);
        for (std::size_t k = 0; k < found; ++k)
          ASSERT_EQ(tokens[lookup.match_end() - 1 - k], tokens[tokens.size() - 1 - k]);
      }
      if (tokens.size() > 1200) break;
    }
  }
}

TEST(PromptLookup, StartsAfreshWithEachPrompt) {
  PromptLookup lookup = lookup_of({1, 2, 3, 1});
  EXPECT_EQ(lookup.match_length(), 1u);
  ASSERT_TRUE(lookup.begin(Tokens{4, 5, 2}).ok());
  EXPECT_EQ(lookup.match_length(), 0u);
}

}  // namespace
}  // namespace saseo
