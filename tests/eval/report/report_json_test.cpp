#include "eval/report/report_json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/eval/made_evaluation.h"

namespace saseo::eval {
namespace {

using Json = nlohmann::json;

std::string fault_of(const Json& json) {
  const Result<Evaluation> parsed = parse_json_report(json.dump(), "run.json");
  return parsed ? "" : parsed.error().message.english;
}

TEST(JsonReport, ReadsBackAsItWasWritten) {
  const Evaluation evaluation = made_evaluation({.hostile = " <\u202E\x01\" \\"});
  const std::string text = json_report(evaluation);
  const Result<Evaluation> parsed = parse_json_report(text, "run.json");
  ASSERT_TRUE(parsed) << parsed.error().message.english;
  EXPECT_EQ(json_report(*parsed), text);
  EXPECT_EQ(parsed->outcomes[3].question.text, evaluation.outcomes[3].question.text);
  EXPECT_EQ(parsed->outcomes[3].values, evaluation.outcomes[3].values);
  EXPECT_EQ(parsed->metrics[3].group, MetricGroup::kFinding);
  EXPECT_EQ(parsed->comparisons[1].difference.low, evaluation.comparisons[1].difference.low);
  EXPECT_EQ(parsed->contestants[0].model_bytes, std::nullopt);
}

TEST(JsonReport, NamesFormatVersionAndFields) {
  const Json json = Json::parse(json_report(made_evaluation()));
  EXPECT_EQ(json["format"], "saseo-evaluation");
  EXPECT_EQ(json["version"], 2);
  EXPECT_EQ(json["metrics"][0]["unit"], "share");
  EXPECT_EQ(json["outcomes"][0]["question"]["language"], "ko");
  EXPECT_TRUE(json["outcomes"][0]["answers"]["extractive"]["error"].is_null());
}

TEST(JsonReport, WritesWhatIsNotFiniteAsNull) {
  Evaluation evaluation;
  evaluation.summaries = {{"facts", {}, "2B", {std::numeric_limits<double>::quiet_NaN(), 0, 1, 0}}};
  const std::string text = json_report(evaluation);
  EXPECT_TRUE(Json::parse(text)["summaries"][0]["estimate"]["value"].is_null());
  EXPECT_TRUE(std::isnan(parse_json_report(text, "run.json")->summaries[0].estimate.value));
}

TEST(JsonReport, SurvivesTextThatIsNoUtf8) {
  const std::string text =
      json_report(made_evaluation({.questions = 1, .hostile = "\xFF\xED\xA0"}));
  EXPECT_TRUE(parse_json_report(text, "run.json"));
}

TEST(ParseJsonReport, NamesThePlaceThatIsWrong) {
  const Json json = Json::parse(json_report(made_evaluation({.questions = 2})));
  const auto with = [&](const char* pointer, const Json& value) {
    Json changed = json;
    changed[Json::json_pointer(pointer)] = value;
    return fault_of(changed);
  };
  EXPECT_NE(with("/outcomes/1/question/text", 5).find("outcomes[1].question.text: string expected"),
            std::string::npos);
  EXPECT_NE(with("/outcomes/1/values/extractive/facts", "x")
                .find("outcomes[1].values.extractive.facts: number expected"),
            std::string::npos);
  EXPECT_NE(with("/metrics/0/unit", "miles").find("metrics[0].unit: one of share, points"),
            std::string::npos);
  EXPECT_NE(with("/contestants/0/answered", -1).find("contestants[0].answered: whole number"),
            std::string::npos);
  EXPECT_NE(with("/outcomes/0/question/gold/0/pages/0", 1e300).find("pages[0]: small whole number"),
            std::string::npos);
  EXPECT_NE(with("/draft", "no").find("draft: true or false"), std::string::npos);
}

TEST(ParseJsonReport, RefusesOtherFilesAndNewerOnes) {
  EXPECT_NE(
      parse_json_report("{", "a.json").error().message.english.find("a.json: not an evaluation"),
      std::string::npos);
  EXPECT_FALSE(parse_json_report("[]", "a.json"));
  EXPECT_FALSE(parse_json_report(R"({"format": 1})", "a.json"));
  EXPECT_FALSE(parse_json_report(R"({"format": "saseo-evaluation"})", "a.json"));
  const Result<Evaluation> newer =
      parse_json_report(R"({"format": "saseo-evaluation", "version": 3})", "a.json");
  EXPECT_EQ(newer.error().code, ErrorCode::kTooNew);
}

TEST(ParseJsonReport, ReadsWarningsOfOneTextAsVersion1HasThem) {
  const Result<Evaluation> parsed = parse_json_report(
      R"({"format": "saseo-evaluation", "version": 1, "warnings": ["조심"]})", "a.json");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->warnings, std::vector<Message>{untranslated("조심")});
}

TEST(ParseJsonReport, PassesOverWhatItDoesNotKnow) {
  const Result<Evaluation> parsed = parse_json_report(
      R"({"format": "saseo-evaluation", "version": 1, "later": {}, "library": "x"})", "a.json");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->library, "x");
}

}  // namespace
}  // namespace saseo::eval
