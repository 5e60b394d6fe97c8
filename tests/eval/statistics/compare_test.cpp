#include "eval/statistics/compare.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "eval/statistics/random_stream.h"
#include "eval/statistics/significance.h"
#include "tests/eval/made_outcomes.h"

namespace saseo::eval {
namespace {

const Comparison& find(const std::vector<Comparison>& comparisons, const std::string& metric,
                       const Slice& slice = {}, const std::string& second = "B") {
  const auto found = std::ranges::find_if(comparisons, [&](const Comparison& c) {
    return c.metric == metric && c.slice == slice && c.second == second;
  });
  EXPECT_NE(found, comparisons.end()) << metric << ' ' << slice.language << ' ' << slice.type;
  static const Comparison none;
  return found == comparisons.end() ? none : *found;
}

Evaluation two_languages() {
  MadeOutcomes made({{"A", 1}, {"B", 4}});
  RandomStream random(3);
  for (int i = 0; i < 40; ++i) {
    const double base = 0.25 * std::floor(5 * random.uniform());
    made.add({base, std::min(1.0, base + (i % 4 == 0 ? 0.25 : 0.0))},
             i % 2 == 0 ? Language::kKorean : Language::kEnglish, i % 3 == 0 ? "table" : "how-to");
  }
  return made.evaluation();
}

TEST(Compare, ComparesOverAllByLanguageByTypeAndByBoth) {
  const Evaluation evaluation = two_languages();
  EXPECT_EQ(find(evaluation.comparisons, "facts").difference.count, 40u);
  EXPECT_EQ(find(evaluation.comparisons, "facts", {"ko", ""}).difference.count, 20u);
  EXPECT_EQ(find(evaluation.comparisons, "facts", {"", "table"}).difference.count, 14u);
  EXPECT_EQ(find(evaluation.comparisons, "facts", {"en", "table"}).difference.count, 7u);
  EXPECT_EQ(evaluation.comparisons.size(), 2u * 9);
  EXPECT_EQ(evaluation.summaries.size(), 2u * 2 * 9);
}

TEST(Compare, SubtractsTheFirstListedFromTheSecond) {
  MadeOutcomes made({{"A"}, {"B"}});
  for (int i = 0; i < 12; ++i) made.add({0.25, i % 2 == 0 ? 0.75 : 0.25});
  const Evaluation evaluation = made.evaluation();
  const Comparison& facts = find(evaluation.comparisons, "facts");
  EXPECT_EQ(facts.first, "A");
  EXPECT_NEAR(facts.difference.value, 0.25, 1e-12);
  EXPECT_GT(facts.difference.low, 0);
  EXPECT_LT(facts.difference.high, 0.5);
  EXPECT_EQ(facts.wins, 6u);
  EXPECT_EQ(facts.ties, 6u);
  EXPECT_EQ(facts.losses, 0u);
  EXPECT_EQ(facts.test, "permutation");
  EXPECT_NEAR(facts.p, 2.0 / 64, 1e-12);  // Six differences, all of one sign.
  EXPECT_GT(facts.effect_size, 0.9);
  EXPECT_GT(facts.smallest_difference, 0.2);
}

TEST(Compare, ComparesEveryPair) {
  MadeOutcomes made({{"A"}, {"B"}, {"C"}});
  for (int i = 0; i < 10; ++i) made.add({0.1, 0.2, 0.1 * i});
  const Evaluation evaluation = made.evaluation();
  std::vector<std::string> pairs;
  for (const Comparison& c : evaluation.comparisons) {
    if (c.metric == "facts" && c.slice == Slice{}) pairs.push_back(c.first + c.second);
  }
  EXPECT_EQ(pairs, (std::vector<std::string>{"AB", "AC", "BC"}));
}

TEST(Compare, TakesMcNemarsTestWhereEveryValueIsYesOrNo) {
  MadeOutcomes made({{"A"}, {"B"}}, kHit);
  for (int i = 0; i < 21; ++i) made.add({i < 2 ? 1.0 : 0.0, i >= 1 && i < 9 ? 1.0 : 0.0});
  const Evaluation evaluation = made.evaluation();
  const Comparison& hit = find(evaluation.comparisons, "hit@1");
  EXPECT_EQ(hit.test, "mcnemar");
  EXPECT_NEAR(hit.p, 0.0391, 5e-5);  // 1 and 7 of 21: significance_test.cpp.
  EXPECT_NEAR(hit.difference.low, 0.026, 5e-4);
  EXPECT_NEAR(hit.difference.high, 0.517, 5e-4);
}

TEST(Compare, TakesNoMcNemarWhereAYesNoMetricHasHalves) {
  MadeOutcomes made({{"A"}, {"B"}}, kHit);
  for (int i = 0; i < 12; ++i) made.add({0.5, 1});
  EXPECT_EQ(find(made.evaluation().comparisons, "hit@1").test, "permutation");
}

TEST(Compare, LeavesFailedQuestionsOutOfThePairAndSaysSo) {
  MadeOutcomes made({{"A"}, {"B"}, {"C"}});
  for (int i = 0; i < 12; ++i) made.add({0.5, 0.5, 1});
  made.outcomes[3].answers["B"].error = untranslated("out of memory");
  made.outcomes[3].values["B"]["facts"] = 0;
  const Evaluation evaluation = made.evaluation();
  EXPECT_EQ(find(evaluation.comparisons, "facts", {}, "B").difference.count, 11u);
  EXPECT_EQ(find(evaluation.comparisons, "facts", {}, "B").losses, 0u);
  const auto between_a_and_c = std::ranges::find_if(evaluation.comparisons, [](const auto& c) {
    return c.metric == "facts" && c.first == "A" && c.second == "C";
  });
  EXPECT_EQ(between_a_and_c->difference.count, 12u);
  ASSERT_EQ(evaluation.warnings.size(), 2u);  // A and B, B and C.
  EXPECT_EQ(evaluation.warnings[0].english,
            "1 of 12 questions are left out where A and B are compared: one of them failed");
}

TEST(Compare, PassesOverValuesThatAreNoNumbersAndQuestionsWithout) {
  MadeOutcomes made({{"A"}, {"B"}});
  for (int i = 0; i < 12; ++i) made.add({0.5, 1});
  made.outcomes[0].values["A"]["facts"] = std::numeric_limits<double>::quiet_NaN();
  made.outcomes[1].values["B"]["facts"] = std::numeric_limits<double>::infinity();
  made.outcomes[2].values["B"].erase("facts");
  made.outcomes[4].values.erase("A");
  EXPECT_EQ(find(made.evaluation().comparisons, "facts").difference.count, 8u);
}

TEST(Compare, HasAnAnswerForNoQuestionOneAndEqualOnes) {
  EXPECT_TRUE(compare({}, {kFacts}, {}).comparisons.empty());
  MadeOutcomes one({{"A"}, {"B"}});
  one.add({0, 1});
  const Evaluation single = one.evaluation();
  const Comparison& c = find(single.comparisons, "facts");
  EXPECT_EQ(c.p, 1);
  EXPECT_LT(c.difference.low, 0);
  MadeOutcomes equal({{"A"}, {"B"}});
  for (int i = 0; i < 30; ++i) equal.add({0.5, 0.5});
  const Evaluation same = equal.evaluation();
  const Comparison& d = find(same.comparisons, "facts");
  EXPECT_EQ(d.p, 1);
  EXPECT_EQ(d.effect_size, 0);
  EXPECT_LT(d.difference.low, -0.1);  // What 30 equal questions leave possible.
  EXPECT_GT(d.difference.high, 0.1);
  EXPECT_GT(d.smallest_difference, 0.1);
}

TEST(Compare, DescribesOneContestant) {
  MadeOutcomes made({{"A"}});
  for (int i = 0; i < 20; ++i) made.add({i % 2 == 0 ? 1.0 : 0.5});
  const Evaluation evaluation = made.evaluation();
  EXPECT_TRUE(evaluation.comparisons.empty());
  const auto summary = std::ranges::find(evaluation.summaries, "facts", &MetricSummary::metric);
  EXPECT_NEAR(summary->estimate.value, 0.75, 1e-12);
  EXPECT_LT(summary->estimate.low, 0.72);
  EXPECT_GT(summary->estimate.high, 0.78);
}

TEST(Compare, AdjustsLeadingMetricsApartFromTheOthers) {
  MadeOutcomes made({{"A"}, {"B"}});
  RandomStream random(4);
  for (int i = 0; i < 40; ++i) {
    QuestionOutcome& outcome = made.add({0.25, i % 5 == 0 ? 0.5 : 0.25});
    for (int k = 0; k < 10; ++k) {
      for (const std::string contestant : {"A", "B"}) {
        outcome.values[contestant]["other" + std::to_string(k)] = random.uniform();
      }
    }
  }
  std::vector<MetricDefinition> metrics = {kFacts, kSeconds};
  for (int k = 0; k < 10; ++k) metrics.push_back({.name = "other" + std::to_string(k)});
  const Compared compared =
      compare(made.outcomes, metrics, made.evaluation().contestants, {.resamples = 2000});
  const Comparison& facts = find(compared.comparisons, "facts");
  EXPECT_EQ(facts.p_adjusted, facts.p);  // A family of its own.
  std::vector<double> p, adjusted;
  for (const Comparison& c : compared.comparisons) {
    if (c.slice == Slice{} && c.metric.starts_with("other")) {
      p.push_back(c.p);
      adjusted.push_back(c.p_adjusted);
    }
  }
  EXPECT_EQ(adjusted, holm_adjusted(p));
}

TEST(Compare, AdjustsTheTypesOfALanguageTogether) {
  MadeOutcomes made({{"A"}, {"B"}});
  for (int i = 0; i < 60; ++i) {
    const std::string type = "type " + std::to_string(i % 3);
    // One question of each other type differs.
    made.add({0.25, i % 3 == 0 || i < 3 ? 0.5 : 0.25}, Language::kKorean, type);
  }
  const Evaluation evaluation = made.evaluation();
  const Comparison& first = find(evaluation.comparisons, "facts", {"ko", "type 0"});
  EXPECT_NEAR(first.p_adjusted, 3 * first.p, 1e-12);
}

TEST(Compare, AdjustsForNothingThatCannotDiffer) {
  MadeOutcomes made({{"A"}, {"B"}});
  for (int i = 0; i < 30; ++i) {
    QuestionOutcome& outcome = made.add({0.25, i % 4 == 0 ? 0.5 : 0.25});
    for (const std::string contestant : {"A", "B"}) outcome.values[contestant]["hit@1"] = i % 2;
  }
  const Compared compared =
      compare(made.outcomes, {kFacts, kHit}, made.evaluation().contestants, {.resamples = 500});
  const Comparison& facts = find(compared.comparisons, "facts");
  EXPECT_LT(facts.p, 0.01);
  EXPECT_EQ(facts.p_adjusted, facts.p);
  EXPECT_EQ(find(compared.comparisons, "hit@1").p_adjusted, 1);
}

TEST(Compare, RepeatsWhateverTheThreads) {
  const Evaluation evaluation = two_languages();
  const auto with = [&](std::size_t threads) {
    return compare(evaluation.outcomes, evaluation.metrics, evaluation.contestants,
                   {.resamples = 500, .seed = 9, .threads = threads});
  };
  const Compared one = with(1), three = with(3);
  ASSERT_EQ(one.comparisons.size(), three.comparisons.size());
  for (std::size_t i = 0; i < one.comparisons.size(); ++i) {
    EXPECT_EQ(one.comparisons[i].metric, three.comparisons[i].metric);
    EXPECT_EQ(one.comparisons[i].p_adjusted, three.comparisons[i].p_adjusted);
    EXPECT_EQ(one.comparisons[i].difference.low, three.comparisons[i].difference.low);
  }
}

TEST(LeadingMetrics, AreTheFirstOfEachGroupWithEnoughQuestions) {
  MadeOutcomes made({{"A"}, {"B"}}, kF1);
  for (int i = 0; i < 30; ++i) {
    QuestionOutcome& outcome = made.add({0.5, 0.5});
    outcome.values["A"]["hit@1"] = 1;
    if (i < 4) outcome.values["A"]["facts"] = 1;
  }
  const std::vector<MetricDefinition> metrics = {kHit, kSeconds, kF1, kFacts};
  EXPECT_EQ(leading_metrics(made.outcomes, metrics, "ko"),
            (std::vector<std::string>{"f1", "hit@1"}));
  EXPECT_EQ(leading_metrics(made.outcomes, metrics, "ko", {.min_questions = 3}).front(), "facts");
  EXPECT_TRUE(leading_metrics(made.outcomes, metrics, "en").empty());
}

TEST(LeadingMetrics, TakeTheOneWithMostQuestionsWhereAllHaveFew) {
  MadeOutcomes made({{"A"}}, kF1);
  for (int i = 0; i < 6; ++i) made.add({0.5}).values["A"]["facts"] = 1;
  made.add({0.5});
  EXPECT_EQ(leading_metrics(made.outcomes, {kFacts, kF1}, "").front(), "f1");
}

}  // namespace
}  // namespace saseo::eval
