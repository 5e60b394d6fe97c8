#include "eval/metrics/ranking_metrics.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/eval/reference_cases.h"

namespace saseo::eval {
namespace {

using Ranked = std::vector<int>;
constexpr double kTrecDigits = 5.1e-5;  // trec_eval prints four.

TEST(RankingMetrics, EqualTrecEvalOnTheTableOfRankings) {
  for (const nlohmann::json& line : read_json_lines("trec_eval_scores.jsonl")) {
    SCOPED_TRACE(line.dump());
    const Ranked ranked = line["ranked"], relevant = line["relevant"];
    const auto expect = [&](double value, const char* name) {
      EXPECT_NEAR(value, line[name].get<double>(), kTrecDigits) << name;
    };
    expect(ndcg_at(ranked, 5, relevant), "ndcg_cut_5");
    expect(ndcg_at(ranked, 10, relevant), "ndcg_cut_10");
    expect(reciprocal_rank_at(ranked, ranked.size()), "recip_rank");
    expect(recall_at(ranked, 1, relevant.size()), "recall_1");
    expect(recall_at(ranked, 5, relevant.size()), "recall_5");
    expect(recall_at(ranked, 10, relevant.size()), "recall_10");
    expect(hit_at(ranked, 1), "success_1");
    expect(hit_at(ranked, 5), "success_5");
    expect(hit_at(ranked, 10), "success_10");
  }
}

// Documentation of scikit-learn's ndcg_score, which prints two digits: relevance 10, 0, 0, 1, 5
// ranked by the scores .1 .2 .3 4 70, and by .05 1.1 1. .5 .0.
TEST(Ndcg, EqualsTheExamplesOfScikitLearn) {
  const Ranked relevant = {10, 0, 0, 1, 5};
  EXPECT_NEAR(ndcg_at(Ranked{5, 1, 0, 0, 10}, 10, relevant), 0.69, 0.01);
  EXPECT_NEAR(ndcg_at(Ranked{0, 0, 1, 10, 5}, 10, relevant), 0.49, 0.01);
  EXPECT_NEAR(ndcg_at(Ranked{0, 0, 1, 10, 5}, 4, relevant), 0.35, 0.01);
}

TEST(ReciprocalRank, IsNothingBeyondTheCut) {
  const Ranked ranked = {0, 0, 1, 1};
  EXPECT_DOUBLE_EQ(reciprocal_rank_at(ranked, 10), 1.0 / 3);
  EXPECT_DOUBLE_EQ(reciprocal_rank_at(ranked, 2), 0);
}

// Documentation of RAGAS, context precision: 1 of a relevant passage first, whatever follows; 0.5
// of one that stands second.
TEST(ContextPrecision, EqualsTheExamplesOfRagas) {
  EXPECT_NEAR(context_precision(Ranked{1}), 0.9999999999, 1e-9);
  EXPECT_NEAR(context_precision(Ranked{1, 0}), 0.9999999999, 1e-9);
  EXPECT_NEAR(context_precision(Ranked{0, 1}), 0.4999999999, 1e-9);
  EXPECT_NEAR(context_precision(Ranked{0, 0, 1, 1, 0}), (1.0 / 3 + 0.5) / 2, 1e-12);  // By hand.
}

TEST(RankingMetrics, OfNothingAreNought) {
  EXPECT_EQ(hit_at({}, 10), 0);
  EXPECT_EQ(recall_at({}, 10, 3), 0);
  EXPECT_EQ(recall_at(Ranked{1}, 10, 0), 0);
  EXPECT_EQ(ndcg_at(Ranked{0, 0}, 10, {}), 0);
  EXPECT_EQ(context_precision({}), 0);
  EXPECT_EQ(context_recall(Ranked{1, 0, 1}, 4), 0.5);
}

}  // namespace
}  // namespace saseo::eval
