#include "eval/report/gate.h"

#include <gtest/gtest.h>

#include "base/message.h"

namespace saseo::eval {
namespace {

Evaluation evaluation() {
  Evaluation made;
  made.contestants = {{.name = "gemma:2b"}, {.name = "9B"}};
  made.metrics = {{.name = "facts"},
                  {.name = "seconds",
                   .group = MetricGroup::kCost,
                   .unit = MetricUnit::kSeconds,
                   .higher_is_better = false}};
  made.summaries = {{"facts", {}, "gemma:2b", {0.7, 0.6, 0.8, 50}},
                    {"facts", {}, "9B", {0.8, 0.7, 0.9, 50}},
                    {"facts", {"ko", ""}, "9B", {0.75, 0.6, 0.9, 25}},
                    {"facts", {"ko", "how/to"}, "9B", {0.5, 0.3, 0.7, 9}},
                    {"seconds", {}, "gemma:2b", {2, 1, 3, 50}},
                    {"seconds", {}, "9B", {8, 7, 9, 50}}};
  return made;
}

std::vector<GateResult> results_of(std::string_view text) {
  const Result<std::vector<GateCondition>> conditions = parse_gate_conditions(text);
  EXPECT_TRUE(conditions) << conditions.error().message.english;
  const Result<std::vector<GateResult>> results = check_conditions(*conditions, evaluation());
  EXPECT_TRUE(results) << results.error().message.english;
  return *results;
}

std::string error_of(std::string_view text, Language language = Language::kEnglish) {
  const Result<std::vector<GateCondition>> conditions = parse_gate_conditions(text);
  if (!conditions) return conditions.error().message.in(language);
  const Result<std::vector<GateResult>> results = check_conditions(*conditions, evaluation());
  return results ? "" : results.error().message.in(language);
}

TEST(GateConditions, HaveAContestantALanguageATypeAndABound) {
  const auto conditions =
      parse_gate_conditions("facts=0.8, ko/facts=.75,gemma:2b:en/how/to/mrr=1e-1");
  ASSERT_TRUE(conditions);
  ASSERT_EQ(conditions->size(), 3u);
  EXPECT_EQ((*conditions)[0].metric, "facts");
  EXPECT_EQ((*conditions)[0].bound, 0.8);
  EXPECT_EQ((*conditions)[0].slice, Slice{});
  EXPECT_EQ((*conditions)[1].slice, (Slice{"ko", ""}));
  EXPECT_EQ((*conditions)[2].contestant, "gemma:2b");
  EXPECT_EQ((*conditions)[2].slice, (Slice{"en", "how/to"}));
  EXPECT_EQ((*conditions)[2].bound, 0.1);
}

TEST(GateConditions, SayWhatIsWrongWithOne) {
  EXPECT_NE(error_of("facts").find("gate \"facts\": no \"=\""), std::string::npos);
  EXPECT_NE(error_of("facts=0.8,mrr=high").find("gate \"mrr=high\": what follows"),
            std::string::npos);
  EXPECT_NE(error_of("facts=nan").find("not a number"), std::string::npos);
  EXPECT_NE(error_of("facts=0.8,").find("no \"=\""), std::string::npos);
  EXPECT_NE(error_of("=0.8").find("no metric"), std::string::npos);
  EXPECT_NE(error_of(":facts=0.8").find("no contestant"), std::string::npos);
}

TEST(CheckConditions, GivesAResultForEachContestant) {
  const std::vector<GateResult> results = results_of("facts=0.75");
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].name, "gemma:2b: facts=0.75");
  EXPECT_FALSE(results[0].passed);
  EXPECT_EQ(results[0].message.english,
            "facts of gemma:2b is 0.7 [0.6, 0.8] on 50 questions; at least 0.75 is wanted");
  EXPECT_TRUE(results[1].passed);
  EXPECT_FALSE(all_passed(results));
  EXPECT_TRUE(all_passed(results_of("9B:facts=0.8")));
}

TEST(CheckConditions, HeedsSlicesAndTheMetricsDirection) {
  EXPECT_TRUE(all_passed(results_of("ko/facts=0.75,ko/how/to/facts=0.5")));
  EXPECT_FALSE(all_passed(results_of("ko/how/to/facts=0.6")));
  EXPECT_TRUE(all_passed(results_of("gemma:2b:seconds=2")));
  EXPECT_FALSE(all_passed(results_of("gemma:2b:seconds=1.9")));
}

TEST(CheckConditions, NamesWhatThereIsWhenSomethingIsNot) {
  EXPECT_NE(error_of("fact=1").find("no metric \"fact\". It has: facts, seconds."),
            std::string::npos);
  EXPECT_NE(error_of("27B:facts=1").find("no contestant \"27B\". It has: gemma:2b, 9B."),
            std::string::npos);
  EXPECT_NE(error_of("en/facts=1").find("\"en\". It has: ko, ko/how/to."), std::string::npos);
}

TEST(GateConditions, SayItInKoreanToo) {
  EXPECT_NE(error_of("facts", Language::kKorean).find("조건 \"facts\": \"=\"이 없습니다."),
            std::string::npos);
  EXPECT_NE(error_of("fact=1", Language::kKorean)
                .find("없는 지표입니다: \"fact\". 있는 것: facts, seconds."),
            std::string::npos);
}

Comparison comparison(double low, double high, double p) {
  return {.metric = "facts",
          .first = "9B",
          .second = "9B",
          .difference = {(low + high) / 2, low, high, 50},
          .p_adjusted = p};
}

TEST(CheckRegressions, FailsForASignificantLossAlone) {
  const auto passed = [](double low, double high, double p) {
    return all_passed(check_regressions({comparison(low, high, p)}, evaluation().metrics));
  };
  EXPECT_FALSE(passed(-0.2, -0.1, 0.01));
  EXPECT_TRUE(passed(-0.2, -0.1, 0.06));  // Not significant after Holm.
  EXPECT_TRUE(passed(-0.2, 0.01, 0.01));  // The interval holds 0.
  EXPECT_TRUE(passed(0.1, 0.2, 0.01));
}

TEST(CheckRegressions, HeedsTheDirectionAndPassesOverCosts) {
  std::vector<MetricDefinition> metrics = evaluation().metrics;
  metrics[0].higher_is_better = false;
  EXPECT_FALSE(all_passed(check_regressions({comparison(0.1, 0.2, 0.01)}, metrics)));
  Comparison slower = comparison(1, 2, 0.001);
  slower.metric = "seconds";
  EXPECT_EQ(check_regressions({slower, comparison(-0.1, 0.1, 1)}, metrics).size(), 1u);
}

TEST(CheckRegressions, DoesNotPassWhenThereIsNothingToCompare) {
  const std::vector<GateResult> results = check_regressions({}, evaluation().metrics);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_FALSE(results[0].passed);
}

}  // namespace
}  // namespace saseo::eval
