// --profile and what it changes of questions, conversations and doctor.
#include <gtest/gtest.h>

#include "tests/cli/saseo_process.h"

namespace saseo::cli {
namespace {

// Three sections of the kettle hold its words.
constexpr const char* kQuestion = "다온포트 K1 물 끓이기";

class ProfileInForceTest : public ::testing::Test {
 protected:
  ProfileInForceTest() {
    place_.write("m/kettle.md", kKettle);
    place_.write("m/lamp.md", kLamp);
    EXPECT_EQ(ingest({}).exit_code, 0);
    place_.write(".config/saseo/profiles/strict.toml", "threshold = 1\n");
    place_.write(".config/saseo/profiles/narrow.toml", "max_passages = 1\n");
    place_.write(".config/saseo/profiles/small.toml", "chunk_tokens = 20\n");
  }
  Finished ingest(std::vector<std::string> more) {
    std::vector<std::string> arguments = {"ingest", (place_.folder() / "m").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return place_.run(arguments);
  }
  Finished ask(std::vector<std::string> more) {
    std::vector<std::string> arguments = {"ask", "--json", kQuestion};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return place_.run(arguments);
  }
  Workplace place_;
};

TEST_F(ProfileInForceTest, ChangesWhatIsAnswered) {
  const nlohmann::json plain = ask({}).json();
  EXPECT_EQ(plain["found"], true);
  EXPECT_GT(plain["passages"].size(), 1u);
  const Finished strict = ask({"--profile", "strict"});
  EXPECT_EQ(strict.exit_code, 4);
  EXPECT_EQ(strict.json()["found"], false);
  EXPECT_EQ(ask({"--profile", "narrow"}).json()["passages"].size(), 1u);
  place_.environment["SASEO_PROFILE"] = "narrow";
  EXPECT_EQ(ask({}).json()["passages"].size(), 1u);
  EXPECT_GT(ask({"--profile", "none"}).json()["passages"].size(), 1u);
}

TEST_F(ProfileInForceTest, ChatFollowsItToo) {
  const Finished chat = place_.run({"chat", "--profile", "strict"}, "물때 제거하는 방법\n");
  EXPECT_EQ(chat.out.find("구연산"), std::string::npos) << chat.out;
  EXPECT_NE(place_.run({"chat"}, "물때 제거하는 방법\n").out.find("구연산"), std::string::npos);
}

TEST_F(ProfileInForceTest, AnExplicitFlagBeatsIt) {
  place_.write(".config/saseo/profiles/short.toml", "context_tokens = 1\n");
  EXPECT_EQ(ask({"--profile", "short"}).json()["passages"].size(), 1u);
  EXPECT_GT(ask({"--profile", "short", "-c", "2000"}).json()["passages"].size(), 1u);
}

TEST_F(ProfileInForceTest, ALibraryOfOtherChunksIsWarnedOfUntilItIsReadAgain) {
  const Finished asked = ask({"--profile", "small"});
  EXPECT_NE(asked.err.find("2 of 2 manuals are in chunks of 320 tokens"), std::string::npos)
      << asked.err;
  EXPECT_NE(asked.err.find("saseo ingest --profile small"), std::string::npos) << asked.err;
  ASSERT_EQ(ingest({"--profile", "small"}).exit_code, 0);
  EXPECT_EQ(ask({"--profile", "small"}).err, "");
  EXPECT_EQ(ask({"--profile", "narrow"}).err, "");  // Names no size.
}

TEST_F(ProfileInForceTest, DoctorShowsIt) {
  const nlohmann::json doctor = place_.run({"doctor", "--json", "--profile", "small"}).json();
  EXPECT_EQ(doctor["settings"]["profile"]["value"],
            (place_.folder() / ".config/saseo/profiles/small.toml").string());
  EXPECT_EQ(doctor["settings"]["chunk_tokens"]["value"], "20");
  bool told = false;
  for (const nlohmann::json& finding : doctor["findings"]) {
    if (finding["name"] != "profile") continue;
    told = true;
    EXPECT_EQ(finding["value"], "chunk_tokens 20");
    EXPECT_EQ(finding["status"], "missing");
  }
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace saseo::cli
