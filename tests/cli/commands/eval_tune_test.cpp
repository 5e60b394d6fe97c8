// saseo eval tune, from questions to a profile that answers.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/saseo_process.h"

namespace saseo::cli {
namespace {

using nlohmann::json;

class EvalTuneTest : public ::testing::Test {
 protected:
  EvalTuneTest() {
    place_.write("m/kettle.md", kKettle);
    place_.write("m/lamp.md", kLamp);
    EXPECT_EQ(place_.run({"ingest", (place_.folder() / "m").string()}).exit_code, 0);
    // Refuses everything: there is much to gain.
    place_.write(".config/saseo/profiles/strict.toml", "threshold = 1\n");
    const struct {
      const char *question, *fact;
    } asked[] = {{"물때 제거하는 방법", "구연산"},       {"물때는 어떻게 제거해요?", "구연산"},
                 {"다온포트 K1 보증 기간", "2년"},       {"다온램프 L2 보증 기간", "1년"},
                 {"다온포트 K1 처음 끓이기", "최대선"},  {"처음 끓이기는 어떻게 하나요?", "최대선"},
                 {"다온램프 L2 밝기 조절", "세 단계"},   {"밝기 조절은 어떻게 해요?", "세 단계"},
                 {"라디오 주파수 맞추는 방법", nullptr}, {"프린터 용지를 넣는 곳", nullptr}};
    std::string lines;
    int id = 0;
    for (const char* split : {"dev", "test"}) {
      for (const auto& [question, fact] : asked) {
        json line = {{"id", std::to_string(++id)}, {"split", split}};
        // Two halves of other words, or one conversation would hold both.
        line["question"] = question + std::string(split == std::string("dev") ? "" : " 알려 줘");
        if (fact != nullptr) line["facts"] = {fact};
        line["unanswerable"] = fact == nullptr;
        lines += line.dump() + "\n";
      }
    }
    questions_ = place_.write("q.jsonl", lines).string();
  }
  Finished tune(std::vector<std::string> more) {
    std::vector<std::string> arguments = {"eval", "tune", questions_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return place_.run(arguments);
  }
  Workplace place_;
  std::string questions_;
};

TEST_F(EvalTuneTest, WritesAProfileThatAnswersWithTheGainInIt) {
  const Finished tuned = tune({"--profile", "strict", "--write", "good", "--json"});
  ASSERT_EQ(tuned.exit_code, 0) << tuned.out << tuned.err;
  const json result = tuned.json();
  EXPECT_EQ(result["gain_shown"], true) << tuned.out;
  EXPECT_GT(result["gain"]["score"]["low"].get<double>(), 0);
  EXPECT_EQ(result["held_out_questions"], 10);
  EXPECT_EQ(result["present"]["settings"]["threshold"], 1);
  EXPECT_LT(result["winner"]["settings"]["threshold"].get<double>(), 1);
  const std::filesystem::path file = place_.folder() / ".config/saseo/profiles/good.toml";
  EXPECT_EQ(result["profile"], file.string());
  std::ifstream stream(file);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  EXPECT_NE(text.find("# Question set: q ("), std::string::npos) << text;
  EXPECT_NE(text.find("held-out questions"), std::string::npos) << text;
  EXPECT_NE(text.find("95 % interval"), std::string::npos) << text;

  const std::string question = "물때 제거하는 방법";
  EXPECT_EQ(place_.run({"ask", "--profile", "strict", question}).exit_code, 4);
  EXPECT_EQ(place_.run({"ask", "--profile", "good", question}).exit_code, 0);
}

TEST_F(EvalTuneTest, WritesNothingWithoutAGainUnlessToldTo) {
  ASSERT_EQ(tune({"--profile", "strict", "--write", "good"}).exit_code, 0);
  // Where a tuning ended, there is nothing more to gain.
  const Finished again = tune({"--profile", "good", "--write", "better", "--write-anyway"});
  EXPECT_EQ(again.exit_code, 6) << again.out;
  EXPECT_NE(again.out.find("present settings: they stay"), std::string::npos) << again.out;
  EXPECT_FALSE(std::filesystem::exists(place_.folder() / ".config/saseo/profiles/better.toml"));
}

TEST_F(EvalTuneTest, ShowsTrialsSettingsAndBothHalves) {
  const Finished tuned = tune({"--profile", "strict", "--trials", "60"});
  EXPECT_EQ(tuned.exit_code, 0) << tuned.err;
  for (const char* part : {"present settings", "threshold", "taken", "tuning: score",
                           "held out: score", "more than the present settings"})
    EXPECT_NE(tuned.out.find(part), std::string::npos) << part << "\n" << tuned.out;
}

TEST_F(EvalTuneTest, TellsWhatItCannotUse) {
  EXPECT_EQ(tune({"--write", "none"}).exit_code, 2);
  EXPECT_EQ(place_.run({"eval", "tune", "nowhere.jsonl"}).exit_code, 3);
  EXPECT_EQ(place_.run({"eval", "tune"}).exit_code, 2);
  place_.write("bare.jsonl", "{\"id\": \"1\", \"question\": \"물때?\"}\n");
  const Finished bare = place_.run({"eval", "tune", (place_.folder() / "bare.jsonl").string()});
  EXPECT_EQ(bare.exit_code, 3);
  EXPECT_NE(bare.err.find("too few"), std::string::npos) << bare.err;
}

}  // namespace
}  // namespace saseo::cli
