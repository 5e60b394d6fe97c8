#include "index/lexical_index.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/index/small_postings.h"

namespace saseo {
namespace {

constexpr LexicalOptions kOptions = {
    .k1 = 1.2f, .body_b = 0.5f, .heading_b = 0.3f, .heading_weight = 2.5f};

// Bodies of 3, 2 and 4 stems (3 on average), headings of 1, 0 and 1 (2/3 on average).
Postings three_chunks() {
  return postings_of({{"", "battery battery charge", "", "charge"},
                      {"", "battery cable"},
                      {"", "clean filter brush dust", "", "clean"}});
}

// idf("charge", in 1 of 3) = ln(1 + 2.5 / 1.5) = ln(8/3); idf("battery", in 2) = ln(1 + 1.5 / 2.5).
const float kCharge = std::log(8.0f / 3), kBattery = std::log(1.6f);

TEST(LexicalScore, IsThatOfTheFormula) {
  const std::vector<float> scores =
      score_lexically(three_chunks(), {{}, {"charge", "battery"}}, kOptions);
  ASSERT_EQ(scores.size(), 3u);
  // Chunk 0: its body is of average length; its heading counts 2.5 / (0.7 + 0.3 * 1 / (2/3)).
  const float charge = 1 + 2.5f / 1.15f, battery = 2;
  EXPECT_NEAR(
      scores[0],
      kCharge * 2.2f * charge / (1.2f + charge) + kBattery * 2.2f * battery / (1.2f + battery),
      1e-5);
  EXPECT_NEAR(scores[0], 2.212072f, 1e-4);  // The same by a pocket calculator.
  // Chunk 1: tf = 1 / (0.5 + 0.5 * 2 / 3) = 1.2.
  EXPECT_NEAR(scores[1], kBattery * 2.2f * 1.2f / 2.4f, 1e-5);
  EXPECT_EQ(scores[2], 0);
}

TEST(LexicalScore, CountsATermAsOftenAsTheQuestionSaysIt) {
  const Postings postings = three_chunks();
  const auto once = score_lexically(postings, {{}, {"battery"}}, kOptions);
  const auto twice = score_lexically(postings, {{}, {"battery", "battery"}}, kOptions);
  EXPECT_FLOAT_EQ(twice[0], 2 * once[0]);
  EXPECT_FLOAT_EQ(twice[1], 2 * once[1]);
}

TEST(LexicalScore, AddsBothKindsOfTermByTheirWeightsAndKeepsThemApart) {
  const Postings postings = postings_of({{"ab", "ab"}, {"ab", "x"}, {"x", "y"}});
  LexicalOptions options = kOptions;
  options.bigram_weight = 3;
  options.stem_weight = 0.5f;
  const auto bigrams = score_lexically(postings, {{"ab"}, {}}, kOptions);
  const auto stems = score_lexically(postings, {{}, {"ab"}}, kOptions);
  const auto both = score_lexically(postings, {{"ab"}, {"ab"}}, options);
  EXPECT_GT(stems[0], 0);
  EXPECT_EQ(stems[1], 0);
  EXPECT_GT(bigrams[1], 0);
  for (std::size_t c = 0; c < 3; ++c)
    EXPECT_FLOAT_EQ(both[c], 3 * bigrams[c] + 0.5f * stems[c]) << c;
}

TEST(LexicalScore, WithoutLengthNormalisationDoesNotDependOnTheRestOfTheChunk) {
  LexicalOptions options = kOptions;
  options.body_b = 0;
  const auto scores =
      score_lexically(postings_of({{"", "a"}, {"", "a b c d e"}, {"", "f"}}), {{}, {"a"}}, options);
  EXPECT_FLOAT_EQ(scores[0], scores[1]);
  options.body_b = 1;
  const auto by_length =
      score_lexically(postings_of({{"", "a"}, {"", "a b c d e"}, {"", "f"}}), {{}, {"a"}}, options);
  EXPECT_GT(by_length[0], by_length[1]);
}

TEST(LexicalScore, OfUnknownWordsOrAnEmptyLibraryIsNothing) {
  EXPECT_EQ(score_lexically(three_chunks(), {{"xy"}, {"unknown"}}, kOptions),
            std::vector<float>(3, 0.0f));
  EXPECT_EQ(score_lexically(three_chunks(), {}, kOptions), std::vector<float>(3, 0.0f));
  EXPECT_TRUE(score_lexically(postings_of({}), {{}, {"battery"}}, kOptions).empty());
}

TEST(CoveredShare, IsTheShareOfTheWeightThatTheChunkHolds) {
  const Postings postings = three_chunks();
  const Terms question = {{}, {"charge", "battery", "battery", "unknown"}};
  const float unknown = std::log(8.0f);  // In no chunk: ln(1 + 3.5 / 0.5), the largest idf.
  const float total = kCharge + kBattery + unknown;
  EXPECT_NEAR(covered_share(postings, question, 0), (kCharge + kBattery) / total, 1e-6);
  EXPECT_NEAR(covered_share(postings, question, 1), kBattery / total, 1e-6);
  EXPECT_EQ(covered_share(postings, question, 2), 0);
  EXPECT_EQ(covered_share(postings, {{}, {"charge"}}, 0), 1);
  EXPECT_EQ(covered_share(postings, {}, 0), 0);
}

}  // namespace
}  // namespace saseo
