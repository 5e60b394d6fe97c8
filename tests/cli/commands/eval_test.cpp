#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/made_models.h"
#include "tests/cli/saseo_process.h"

namespace saseo::cli {
namespace {

constexpr const char* kQuestions =
    R"({"id":"k1","type":"how-to","split":"dev","question":"물때는 어떻게 없애나요?","answer":"구연산 한 숟가락을 넣고 끓입니다.","facts":[["구연산"]],"gold":[{"section":"물 끓이기 > 물때 제거"}]}
{"id":"k2","type":"how-to","split":"test","question":"처음 끓일 때는 어떻게 하나요?","answer":"물을 채우고 끓인 다음 버립니다.","facts":[["최대선"],["버리"]],"gold":[{"section":"물 끓이기 > 처음 끓이기"}]}
{"id":"k3","type":"specification","split":"dev","question":"다온포트 K1의 보증 기간은 얼마인가요?","answer":"2년입니다.","facts":[["2년"]],"gold":[{"section":"보증","document":"다온포트 K1"}]}
{"id":"k4","type":"unanswerable","split":"test","question":"자전거 바퀴에 바람은 어떻게 넣나요?","facts":[],"gold":[],"unanswerable":true}
)";

class EvalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    place_.write("kettle.md", kKettle);
    place_.write("lamp.md", kLamp);
    questions_ = place_.write("set.jsonl", kQuestions).string();
    ASSERT_EQ(place_
                  .run({"ingest", (place_.folder() / "kettle.md").string(),
                        (place_.folder() / "lamp.md").string()})
                  .exit_code,
              0);
  }
  std::string file(const std::string& name) const { return (place_.folder() / name).string(); }
  std::string read(const std::string& name) const {
    std::ifstream in(place_.folder() / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  Workplace place_;
  std::string questions_;
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(EvalTest, AnswersEveryQuestionWithEachContestantAndSaysWhatItFound) {
  const Finished done =
      place_.run({"eval", questions_, "--models", "extractive-sentences,extractive"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_TRUE(holds(done.out, "4 questions: 8 answers computed, 0 kept")) << done.out;
  EXPECT_TRUE(holds(done.out, "Required facts recalled")) << done.out;
  EXPECT_TRUE(holds(done.out, "Gold section first")) << done.out;
  const Finished again =
      place_.run({"eval", questions_, "--models", "extractive-sentences,extractive"});
  EXPECT_TRUE(holds(again.out, "0 answers computed, 8 kept")) << again.out;
  const Finished list = place_.run({"eval", "list"});
  EXPECT_TRUE(holds(list.out, "set")) << list.out;
  EXPECT_TRUE(holds(list.out, "8/8")) << list.out;
}

TEST_F(EvalTest, GivesTheEvaluationAsJson) {
  // Small libraries know few words: nothing is refused.
  const Finished done =
      place_.run({"eval", questions_, "--models", "extractive", "--threshold", "0", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const nlohmann::json json = done.json();
  ASSERT_TRUE(json.is_object()) << done.out;
  EXPECT_EQ(json["outcomes"].size(), 4U);
  EXPECT_EQ(json["outcomes"][0]["values"]["extractive"]["facts"], 1);
  const Finished shown = place_.run({"eval", "show", "set", "--json"});
  EXPECT_EQ(shown.json()["summaries"], json["summaries"]);
}

TEST_F(EvalTest, WritesEveryKindOfReport) {
  const Finished done =
      place_.run({"eval", questions_, "-m", "extractive,search", "-o", file("r.html"), "-o",
                  file("r.md"), "-o", file("r.json"), "-o", file("r.csv"), "-o", file("r.xml")});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_TRUE(holds(read("r.html"), "</html>"));
  EXPECT_TRUE(holds(read("r.md"), "| "));
  EXPECT_TRUE(nlohmann::json::parse(read("r.json"), nullptr, false).is_object());
  EXPECT_TRUE(holds(read("r.csv"), "k4"));
  EXPECT_TRUE(holds(read("r.xml"), "<testsuite"));
  EXPECT_EQ(place_.run({"eval", "show", "set"}).exit_code, 0);
}

TEST_F(EvalTest, AGateThatFailsIsAnExitCodeOfItsOwn) {
  const auto gated = [&](const std::string& conditions) {
    return place_.run(
        {"eval", questions_, "-m", "extractive", "--threshold", "0", "--fail-under", conditions});
  };
  EXPECT_EQ(gated("facts=0.5").exit_code, 0);
  const Finished failed = gated("facts=0.5,wrongly-refused=-1");
  EXPECT_EQ(failed.exit_code, 6) << failed.out << failed.err;
  EXPECT_TRUE(holds(failed.err, "FAILED")) << failed.err;
  const Finished unknown = gated("fcats=0.5");
  EXPECT_EQ(unknown.exit_code, 2) << unknown.err;
}

TEST_F(EvalTest, ARegressionAgainstABaselineIsLookedFor) {
  ASSERT_EQ(place_.run({"eval", questions_, "-m", "extractive", "-r", "before"}).exit_code, 0);
  EXPECT_EQ(place_
                .run({"eval", questions_, "-m", "extractive", "--baseline", "before",
                      "--fail-on-regression"})
                .exit_code,
            0);
  const Finished without =
      place_.run({"eval", questions_, "-m", "extractive", "--fail-on-regression"});
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_EQ(
      place_.run({"eval", questions_, "--baseline", "none", "--fail-on-regression"}).exit_code, 3);
}

TEST_F(EvalTest, AnswersOfAnotherSystemStandBesideOurs) {
  ASSERT_EQ(place_.run({"eval", questions_, "-m", "extractive"}).exit_code, 0);
  const Finished exported = place_.run({"eval", "export", "set", "-o", file("out.jsonl")});
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  std::string lines = read("out.jsonl");
  for (std::size_t at; (at = lines.find("\"model\":\"extractive\"")) != std::string::npos;)
    lines.replace(at, 20, "\"model\":\"other\"");
  place_.write("other.jsonl", lines);
  const Finished both = place_.run(
      {"eval", questions_, "-m", "extractive", "-a", file("other.jsonl"), "-r", "both", "--json"});
  ASSERT_EQ(both.exit_code, 0) << both.err;
  const auto report = both.json();
  for (const auto& outcome : report["outcomes"]) {
    EXPECT_EQ(outcome["values"]["other"].value("facts", -1.0),
              outcome["values"]["extractive"].value("facts", -1.0));
    EXPECT_EQ(outcome["values"]["other"].value("citation-recall", -1.0),
              outcome["values"]["extractive"].value("citation-recall", -1.0));
  }
  const Finished clash =
      place_.run({"eval", questions_, "-m", "extractive", "-a", file("out.jsonl"), "-r", "clash"});
  EXPECT_EQ(clash.exit_code, 2);
  EXPECT_TRUE(holds(clash.err, "extractive")) << clash.err;
}

TEST_F(EvalTest, ComparesTwoOfARun) {
  ASSERT_EQ(place_.run({"eval", questions_, "-m", "extractive,extractive-sentences"}).exit_code, 0);
  const Finished compared = place_.run({"eval", "compare", "set"});
  EXPECT_EQ(compared.exit_code, 0) << compared.err;
  EXPECT_TRUE(holds(compared.out, "extractive-sentences less extractive")) << compared.out;
  EXPECT_EQ(place_.run({"eval", "compare", "set", "extractive", "nobody"}).exit_code, 3);
}

TEST_F(EvalTest, GoldThatTheLibraryLacksIsNamed) {
  const std::string odd =
      place_.write("odd.jsonl", R"({"id":"x","question":"물때는?","gold":[{"section":"없는 장"}]})")
          .string();
  const Finished done = place_.run({"eval", odd, "-m", "extractive"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_TRUE(holds(done.out, "x: 없는 장")) << done.out;
  EXPECT_TRUE(holds(done.out, "no reference answers")) << done.out;
  EXPECT_TRUE(holds(done.out, "One contestant only")) << done.out;
}

TEST_F(EvalTest, WhatCannotBeUsedIsAnErrorBeforeAnythingIsAsked) {
  const auto code = [&](const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"eval"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Finished done = place_.run(all);
    EXPECT_FALSE(done.err.empty());
    return done.exit_code;
  };
  EXPECT_EQ(code({}), 2);
  EXPECT_EQ(code({file("none.jsonl")}), 3);
  EXPECT_EQ(code({questions_, "-m", "no-such-model"}), 3);
  EXPECT_EQ(code({questions_, "-m", "extractive,extractive"}), 2);
  EXPECT_EQ(code({questions_, "-o", "report.docx"}), 2);
  EXPECT_EQ(code({questions_, "--split", "nothing"}), 3);
  place_.write("twice.jsonl",
               "{\"id\":\"a\",\"question\":\"물때?\"}\n{\"id\":\"a\",\"question\":\"불?\"}\n");
  EXPECT_EQ(code({file("twice.jsonl")}), 3);
  place_.write("no.run", "something else");
  EXPECT_EQ(code({questions_, "-r", file("no.run")}), 5);
  EXPECT_EQ(code({"show", "none"}), 3);
  EXPECT_FALSE(std::filesystem::exists(place_.folder() / ".local/state/saseo/runs/set.run"));
}

TEST_F(EvalTest, DraftsAreMarkedAndWarnedOf) {
  const Finished drafted =
      place_.run({"eval", "draft", "다온포트 K1", "-n", "8", "-o", file("draft.jsonl")});
  ASSERT_EQ(drafted.exit_code, 0) << drafted.err;
  EXPECT_TRUE(holds(read("draft.jsonl"), "\"reviewed\":false") ||
              holds(read("draft.jsonl"), "\"reviewed\": false"))
      << read("draft.jsonl");
  const Finished done = place_.run({"eval", file("draft.jsonl"), "-m", "extractive"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_TRUE(holds(done.out, "draft")) << done.out;
}

TEST_F(EvalTest, AModelMayWordADraft) {
  const std::filesystem::path model =
      add_model_file(place_, "tiny.gguf", TensorType::kQ8_0, 1, 8192);
  const Finished drafted = place_.run({"eval", "draft", "다온포트 K1", "-n", "4", "--model",
                                       model.string(), "-o", file("draft.jsonl")});
  ASSERT_EQ(drafted.exit_code, 0) << drafted.err;
  // What random weights say is no question: the patterns' words stand.
  EXPECT_TRUE(holds(read("draft.jsonl"), "다온포트 K1")) << read("draft.jsonl");
  EXPECT_EQ(place_.run({"eval", "draft", "다온포트 K1", "--model", "no-such-model"}).exit_code, 3);
}

TEST_F(EvalTest, SquadContextsBecomeALibraryOfTheirOwn) {
  const std::string squad =
      place_
          .write(
              "squad.json",
              R"({"version":"1.1","data":[{"title":"Lamp","paragraphs":[{"context":"The lamp has three levels of brightness. Hold the power button to change them.","qas":[{"id":"s1","question":"How many levels of brightness does the lamp have?","answers":[{"text":"three","answer_start":13}]}]}]}]})")
          .string();
  const Finished done = place_.run({"eval", squad, "-m", "extractive,echo-top-section", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const auto values = done.json()["outcomes"][0]["values"];
  EXPECT_EQ(values["echo-top-section"]["hit@1"], 1) << done.out;
}

TEST_F(EvalTest, AModelFileIsMeasuredBesideTheManualsOwnWords) {
  const std::filesystem::path model =
      add_model_file(place_, "tiny.gguf", TensorType::kQ8_0, 1, 8192);
  const Finished done = place_.run(
      {"eval", questions_, "-m", "extractive," + model.string(), "--max-tokens", "8", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const nlohmann::json json = done.json();
  ASSERT_EQ(json["contestants"].size(), 2U);
  const std::string name = json["contestants"][1]["name"];
  bool timed = false;
  for (const auto& outcome : json["outcomes"])
    timed = timed || outcome["values"][name].contains("prefill-rate");
  EXPECT_TRUE(timed) << json["outcomes"].dump(1);
}

TEST_F(EvalTest, AJudgeReadsBothOrdersAndItsBiasIsTold) {
  const std::string judge =
      add_spoken_model(place_, "first.gguf", {.answer = {"먼저 ", "것이 ", "나음\n", "A"}})
          .string();
  const std::vector<std::string> arguments = {
      "eval", questions_, "--models", "extractive-sentences,extractive", "--judge", judge};
  const Finished done = place_.run(arguments);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_TRUE(holds(done.out, "kept from before")) << done.out;
  EXPECT_TRUE(holds(done.out, "Position bias")) << done.out;
  EXPECT_TRUE(holds(done.out, "+50.0 points")) << done.out;
  EXPECT_TRUE(holds(place_.run(arguments).out, "first: 0 verdicts given")) << "all are there";
  EXPECT_TRUE(holds(place_.run({"eval", "show", "set"}).out, "Position bias"));
  EXPECT_EQ(
      place_.run({"eval", questions_, "--models", "extractive", "--judge", "extractive"}).exit_code,
      2);
  const Finished own = place_.run(
      {"eval", questions_, "--models", "extractive," + judge, "--judge", judge, "--run", "own"});
  EXPECT_TRUE(holds(own.err, "first is one of the contestants")) << own.err;
}

}  // namespace
}  // namespace saseo::cli
