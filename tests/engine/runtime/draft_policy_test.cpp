#include "engine/runtime/draft_policy.h"

#include <gtest/gtest.h>

#include <random>

namespace saseo {
namespace {

// A source that costs what it is told to and has one grade.
class MadeSource : public DraftSource {
 public:
  explicit MadeSource(std::optional<double> seconds, double share = 0.5)
      : seconds_(seconds), share_(share) {}
  Status begin(std::span<const TokenId>, const SamplingOptions&, const std::stop_token&) override {
    return {};
  }
  void push(TokenId) override {}
  std::span<const DraftGrade> grades(std::size_t) override { return {}; }
  Result<std::span<const TokenId>> draft(std::size_t, const Sampler&,
                                         const std::stop_token&) override {
    return std::span<const TokenId>();
  }
  std::optional<double> seconds_per_token() const override { return seconds_; }
  double expected_share(DraftGrade) const override { return share_; }

 private:
  std::optional<double> seconds_;
  double share_;
};

const std::vector<DraftGrade> kFifteen(15, 0);

// Plain seconds over seconds with drafts of an answer of `tokens`, each guess right with `share`;
// a batch of k costs 1 + slope (k - 1) plain tokens.
double speed_up(DraftPolicy& policy, std::size_t tokens, double share, double slope,
                std::mt19937& random, double draft_seconds = 0) {
  policy.begin();
  double seconds = 0;
  for (std::size_t done = 0; done < tokens;) {
    const std::size_t k = policy.choose(0, kFifteen).count;
    const double took = 1 + slope * static_cast<double>(k);
    seconds += took + draft_seconds * static_cast<double>(k);
    std::size_t given = 1;
    bool right = true;
    for (std::size_t i = 0; i < std::max<std::size_t>(k, draft_seconds == 0 ? 1 : 0) && right;
         ++i) {
      right = random() % 1000 < share * 1000;
      policy.compared(0, 0, right);
      if (right && i < k) ++given;
    }
    if (k == 0) policy.stepped(took);
    if (k > 0) policy.verified(0, k, given, took);
    done += given;
  }
  return static_cast<double>(tokens) / seconds;
}

TEST(BatchCosts, DrawsALineBetweenWhatWasMeasured) {
  BatchCosts costs(16);
  costs.measured(1, 1.0);
  EXPECT_TRUE(costs.knows(1));
  EXPECT_FALSE(costs.knows(8));
  EXPECT_GT(costs.seconds(8), 1.0);
  EXPECT_LT(costs.seconds(8), 2.0);
  costs.measured(9, 3.0);
  EXPECT_DOUBLE_EQ(costs.seconds(5), 2.0);
  EXPECT_GT(costs.seconds(16), 3.0);
}

TEST(BatchCosts, NeverTakesASmallerBatchForDearerThanALargerOne) {
  BatchCosts costs(16);
  costs.measured(4, 9.0);
  costs.measured(8, 1.5);
  EXPECT_DOUBLE_EQ(costs.seconds(4), 1.5);
}

TEST(BatchCosts, FollowsASlowerMachineAndShrugsOffAHiccup) {
  BatchCosts costs(4);
  for (int i = 0; i < 5; ++i) costs.measured(1, 1.0);
  costs.measured(1, 100.0);
  EXPECT_LT(costs.seconds(1), 1.5);
  for (int i = 0; i < 30; ++i) costs.measured(1, 2.0);
  EXPECT_NEAR(costs.seconds(1), 2.0, 0.01);
}

TEST(BatchCosts, ForgetsWhatWasMeasuredLongAgo) {
  BatchCosts costs(4);
  costs.measured(4, 50.0);
  for (int i = 0; i < 300; ++i) costs.measured(1, 1.0);
  EXPECT_FALSE(costs.knows(4));
  EXPECT_LT(costs.seconds(4), 2.0);
}

TEST(DraftPolicy, WaitsForThePriceOfAPlainToken) {
  const MadeSource source(0.0, 0.9);
  DraftPolicy policy({&source}, 15);
  policy.begin();
  EXPECT_EQ(policy.choose(0, kFifteen).count, 0u);
  policy.stepped(1);
  EXPECT_GT(policy.choose(0, kFifteen).count, 0u);
}

TEST(DraftPolicy, DraftsFarWhereGuessesAreRightAndBatchesCheap) {
  const MadeSource source(0.0);
  DraftPolicy policy({&source}, 15);
  std::mt19937 random(1);
  EXPECT_GT(speed_up(policy, 300, 0.97, 0.02, random), 6);
  EXPECT_GE(policy.choose(0, kFifteen).count, 10u);
}

TEST(DraftPolicy, DraftsLittleWhereBatchesAreDear) {
  const MadeSource source(0.0);
  DraftPolicy policy({&source}, 15);
  std::mt19937 random(1);
  // Each token costs nearly what it costs alone: nothing to gain.
  EXPECT_GT(speed_up(policy, 300, 0.9, 0.95, random), 0.97);
  EXPECT_LE(policy.choose(0, kFifteen).count, 1u);
}

TEST(DraftPolicy, LosesNextToNothingWhereNoGuessIsRight) {
  for (const double slope : {0.03, 0.3, 1.0}) {
    const MadeSource source(0.0, 0.9);
    DraftPolicy policy({&source}, 15);
    std::mt19937 random(1);
    EXPECT_GT(speed_up(policy, 150, 0.0, slope, random), 0.97) << slope;
    EXPECT_GT(speed_up(policy, 150, 0.97, slope, random), 0.97) << slope;
    EXPECT_GT(speed_up(policy, 150, 0.0, slope, random), 0.97) << slope << " after good times";
  }
}

TEST(DraftPolicy, DraftsAgainAsSoonAsGuessesComeRight) {
  const MadeSource source(0.0);
  DraftPolicy policy({&source}, 15);
  std::mt19937 random(1);
  speed_up(policy, 500, 0.0, 0.05, random);
  EXPECT_EQ(policy.choose(0, kFifteen).count, 0u);
  EXPECT_GT(speed_up(policy, 500, 0.95, 0.05, random), 3);
}

TEST(DraftPolicy, TriesASourceThatCostsAgainAfterPauses) {
  const MadeSource source(0.3);
  DraftPolicy policy({&source}, 15);
  std::mt19937 random(1);
  EXPECT_GT(speed_up(policy, 400, 0.0, 0.05, random, 0.3), 0.96);
  EXPECT_GT(speed_up(policy, 600, 0.95, 0.05, random, 0.1), 1.5);
}

TEST(DraftPolicy, TriesASourceOfUnknownPriceWithAShortDraft) {
  const MadeSource source(std::nullopt, 0.99);
  DraftPolicy policy({&source}, 15);
  policy.begin();
  policy.stepped(1);
  const std::size_t count = policy.choose(0, kFifteen).count;
  EXPECT_GT(count, 0u);
  EXPECT_LE(count, 2u);
}

}  // namespace
}  // namespace saseo
