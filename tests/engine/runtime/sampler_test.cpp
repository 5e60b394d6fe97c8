#include "engine/runtime/sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

namespace saseo {
namespace {

// Probabilities 0.5, 0.25, 0.15, 0.1 of the tokens 2, 0, 3, 1.
std::vector<float> four_logits() {
  return {std::log(0.25f), std::log(0.1f), std::log(0.5f), std::log(0.15f)};
}

std::map<TokenId, double> frequencies(SamplingOptions options, std::span<const float> logits,
                                      int draws = 20000) {
  options.penalty_window = 0;
  Sampler sampler(options);
  std::map<TokenId, double> counts;
  for (int i = 0; i < draws; ++i) counts[sampler.sample(logits).value().token] += 1.0 / draws;
  return counts;
}

TEST(Sampler, TakesTheMostLikelyAtTemperatureZeroAndTheLowestIdOfEquals) {
  EXPECT_EQ(Sampler({}).sample(four_logits()).value().token, 2);
  const std::vector<float> equal = {0.0f, 3.0f, 3.0f};
  EXPECT_EQ(Sampler({}).sample(equal).value().token, 1);
}

TEST(Sampler, FindsTheMostLikelyOfAVocabularyWhereverItStands) {
  const float banned = -std::numeric_limits<float>::infinity();
  for (const std::size_t at : {0, 1, 1023, 1024, 2999, 3000}) {
    std::vector<float> logits(3001, -5.0f);
    logits[1500] = banned;
    logits[at] = -4.5f;
    EXPECT_EQ(Sampler({}).sample(logits).value().token, static_cast<TokenId>(at));
  }
  std::vector<float> zeros(3000, -1.0f);
  zeros[7] = -0.0f;  // As much as any other zero.
  zeros[2000] = 0.0f;
  EXPECT_EQ(Sampler({}).sample(zeros).value().token, 7);
}

TEST(Sampler, DrawsEachTokenAsOftenAsItIsLikely) {
  const auto shares = frequencies({.temperature = 1, .seed = 5}, four_logits());
  EXPECT_NEAR(shares.at(2), 0.5, 0.015);
  EXPECT_NEAR(shares.at(0), 0.25, 0.015);
  EXPECT_NEAR(shares.at(3), 0.15, 0.015);
  EXPECT_NEAR(shares.at(1), 0.1, 0.015);
}

TEST(Sampler, FlattensOrSharpensByTemperature) {
  // At temperature 2 the weights are the square roots: .707, .5, .387, .316 of 1.910.
  EXPECT_NEAR(frequencies({.temperature = 2, .seed = 5}, four_logits()).at(2), 0.370, 0.015);
  // At 0.5 the squares: .25 of .345.
  EXPECT_NEAR(frequencies({.temperature = 0.5f, .seed = 5}, four_logits()).at(2), 0.725, 0.015);
}

TEST(Sampler, KeepsTheKMostLikely) {
  const auto shares = frequencies({.temperature = 1, .top_k = 2, .seed = 5}, four_logits());
  ASSERT_EQ(shares.size(), 2u);
  EXPECT_NEAR(shares.at(2), 2.0 / 3, 0.015);
}

TEST(Sampler, KeepsTheFewestTokensThatReachTopP) {
  const auto at = [](float p) {
    return frequencies({.temperature = 1, .top_p = p, .seed = 5}, four_logits(), 4000).size();
  };
  EXPECT_EQ(at(0.45f), 1u);
  EXPECT_EQ(at(0.70f), 2u);
  EXPECT_EQ(at(0.80f), 3u);
  EXPECT_EQ(at(1.0f), 4u);
}

TEST(Sampler, KeepsTokensThatAreLikelyBesideTheMostLikely) {
  // Beside 0.5 the others are 0.5, 0.3 and 0.2 as likely.
  const auto at = [](float p) {
    return frequencies({.temperature = 1, .min_p = p, .seed = 5}, four_logits(), 4000).size();
  };
  EXPECT_EQ(at(0.6f), 1u);
  EXPECT_EQ(at(0.4f), 2u);
  EXPECT_EQ(at(0.25f), 3u);
  EXPECT_EQ(at(0.1f), 4u);
}

TEST(Sampler, RepeatsItselfForASeedAndDiffersForAnother) {
  const auto draws = [](std::uint64_t seed) {
    Sampler sampler({.temperature = 1, .seed = seed});
    std::vector<TokenId> tokens;
    for (int i = 0; i < 40; ++i) tokens.push_back(sampler.sample(four_logits()).value().token);
    return tokens;
  };
  EXPECT_EQ(draws(7), draws(7));
  EXPECT_NE(draws(7), draws(8));
}

TEST(Sampler, PenalisesTokensThatItChoseBefore) {
  const std::vector<float> logits = {2.0f, 1.5f, -1.0f};
  Sampler repetition({.repetition_penalty = 2});
  EXPECT_EQ(repetition.sample(logits).value().token, 0);
  EXPECT_EQ(repetition.sample(logits).value().token, 1);  // 2.0 / 2 < 1.5
  EXPECT_EQ(repetition.sample(logits).value().token, 0);  // 1.0 > 0.75
  Sampler frequency({.frequency_penalty = 0.3f});
  std::vector<TokenId> tokens;
  for (int i = 0; i < 4; ++i) tokens.push_back(frequency.sample(logits).value().token);
  EXPECT_EQ(tokens, (std::vector<TokenId>{0, 0, 1, 0}));  // 2.0 1.7 1.4<1.5, then 1.4>1.2
  Sampler forgetful({.presence_penalty = 1, .penalty_window = 1});
  EXPECT_EQ(forgetful.sample(logits).value().token, 0);
  EXPECT_EQ(forgetful.sample(logits).value().token, 1);
  EXPECT_EQ(forgetful.sample(logits).value().token, 0);
}

TEST(Sampler, AddsBiasesAndNeverTakesABannedToken) {
  const float banned = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(Sampler({.logit_bias = {{2, banned}}}).sample(four_logits()).value().token, 0);
  EXPECT_EQ(Sampler({.logit_bias = {{1, 5.0f}}}).sample(four_logits()).value().token, 1);
  EXPECT_FALSE(
      frequencies({.temperature = 1, .seed = 5, .logit_bias = {{2, banned}}}, four_logits(), 2000)
          .contains(2));
}

TEST(Sampler, FailsWhenEveryTokenIsBanned) {
  const float banned = -std::numeric_limits<float>::infinity();
  const std::vector<float> one = {1.0f};
  for (const float temperature : {0.0f, 1.0f}) {
    Sampler sampler({.temperature = temperature, .logit_bias = {{0, banned}}});
    EXPECT_EQ(sampler.sample(one).error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(Sampler, CutsToTopPAmongEqualsInTheOrderOfTheirIds) {
  // Each has 0.1: 0.35 takes four of them, the lowest ids; after top-k 5 each has 0.2: two.
  const std::vector<float> equal(10, 0.0f);
  const auto ids = [&](SamplingOptions options) {
    std::vector<TokenId> kept;
    for (const auto& [id, share] : frequencies(options, equal, 2000)) kept.push_back(id);
    return kept;
  };
  EXPECT_EQ(ids({.temperature = 1, .top_p = 0.35f, .seed = 3}), (std::vector<TokenId>{0, 1, 2, 3}));
  EXPECT_EQ(ids({.temperature = 1, .top_k = 5, .top_p = 0.35f, .seed = 3}),
            (std::vector<TokenId>{0, 1}));
}

TEST(Sampler, FitsTheDistributionOfManyTokens) {
  // Chi-squared over 200 tokens with 199 degrees of freedom: below 266 with probability 0.999.
  std::vector<float> logits(200);
  for (std::size_t i = 0; i < logits.size(); ++i) {
    logits[i] = std::sin(static_cast<float>(i)) * 1.5f;
  }
  double total = 0;
  for (const float logit : logits) total += std::exp(static_cast<double>(logit));
  constexpr int kDraws = 100000;
  auto shares = frequencies({.temperature = 1, .seed = 11}, logits, kDraws);
  double chi_squared = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double expected = kDraws * std::exp(static_cast<double>(logits[i])) / total;
    const double difference = shares[static_cast<TokenId>(i)] * kDraws - expected;
    chi_squared += difference * difference / expected;
  }
  EXPECT_LT(chi_squared, 266);
  EXPECT_GT(chi_squared, 140);  // 0.0005: draws that fit too well are not random.
}

TEST(Sampler, DrawsTheSameTokensOnEveryMachine) {
  // The first numbers of splitmix64 from seed 42 are 0.7416, 0.1599, 0.2786, 0.3442; the shares
  // 0.25, 0.1, 0.5, 0.15 of the tokens add up to 0.25, 0.35, 0.85, 1.
  Sampler sampler({.temperature = 1, .penalty_window = 0, .seed = 42});
  std::vector<TokenId> tokens;
  for (int i = 0; i < 4; ++i) tokens.push_back(sampler.sample(four_logits()).value().token);
  EXPECT_EQ(tokens, (std::vector<TokenId>{2, 0, 1, 1}));
}

TEST(Sampler, ReportsLogarithmsOfTheModelsOwnProbabilities) {
  const SampledToken sampled =
      Sampler({.temperature = 3, .seed = 1, .logprobs = 2}).sample(four_logits()).value();
  ASSERT_EQ(sampled.most_likely.size(), 2u);
  EXPECT_EQ(sampled.most_likely[0].token, 2);
  EXPECT_NEAR(sampled.most_likely[0].logprob, std::log(0.5), 1e-5);
  EXPECT_NEAR(sampled.most_likely[1].logprob, std::log(0.25), 1e-5);
}

TEST(Sampler, RefusesLogitsThatAreNoNumbers) {
  const float none = std::numeric_limits<float>::quiet_NaN();
  for (const float bad : {none, -none, std::numeric_limits<float>::infinity()}) {
    for (const std::size_t at : {1, 2500}) {
      std::vector<float> logits(3000, 0.0f);
      logits[at] = bad;
      const auto refused = Sampler({}).sample(logits);
      ASSERT_FALSE(refused.ok());
      EXPECT_EQ(refused.error().code, ErrorCode::kDamaged);
      EXPECT_NE(refused.error().message.english.find(std::to_string(at)), std::string::npos);
    }
  }
}

TEST(CheckSampling, NamesTheOptionOutOfRange) {
  EXPECT_TRUE(check_sampling({}).ok());
  EXPECT_TRUE(check_sampling({.temperature = 1, .top_k = 40, .top_p = 0.9f, .min_p = 0.05f}).ok());
  const auto message = [](const SamplingOptions& options) {
    return check_sampling(options).error().message.english;
  };
  EXPECT_NE(message({.temperature = -1}).find("temperature"), std::string::npos);
  EXPECT_NE(message({.top_k = -1}).find("top-k"), std::string::npos);
  EXPECT_NE(message({.top_p = 0}).find("top-p"), std::string::npos);
  EXPECT_NE(message({.min_p = 1.5f}).find("min-p"), std::string::npos);
  EXPECT_NE(message({.repetition_penalty = 0}).find("repetition"), std::string::npos);
  EXPECT_NE(message({.temperature = std::nanf("")}).find("temperature"), std::string::npos);
}

}  // namespace
}  // namespace saseo
