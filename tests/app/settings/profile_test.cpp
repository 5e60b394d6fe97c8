#include "app/settings/profile.h"

#include <gtest/gtest.h>

#include <map>

#include "app/settings/config.h"
#include "tests/temporary_folder.h"

namespace saseo::app {
namespace {

class ProfileTest : public ::testing::Test {
 protected:
  Result<Config> load(const GlobalFlags& flags = {}) {
    return load_config(flags, [&](const char* name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      return found == variables_.end() ? std::nullopt : std::optional(found->second);
    });
  }
  std::filesystem::path write_profile(const std::string& name, const std::string& text) {
    return place_.write(".config/saseo/profiles/" + name + ".toml", text);
  }

  TemporaryFolder place_;
  std::map<std::string, std::string> variables_ = {{"HOME", place_.path().string()}};
};

TEST_F(ProfileTest, ReadsWhatItSetsAndLeavesTheRestAsItIs) {
  const auto file = write_profile("a",
                                  "# Written by hand.\n#\n# Twice.\nmax_passages = 3\n"
                                  "whole_sections = false\nthreshold = 1\n\n[korean]\nk1 = 1.5\n");
  const Result<Profile> profile = read_profile(file);
  ASSERT_TRUE(profile.ok()) << profile.error().message;
  EXPECT_EQ(profile->name, "a");
  EXPECT_EQ(profile->settings.answering.context.max_passages, 3u);
  EXPECT_FALSE(profile->settings.answering.context.whole_sections);
  EXPECT_EQ(profile->settings.answering.refusal.threshold, 1.0f);
  EXPECT_EQ(profile->settings.ranking.korean.lexical.k1, 1.5f);
  EXPECT_EQ(profile->settings.ranking.other.lexical.k1, RankingOptions().other.lexical.k1);
  EXPECT_EQ(profile->settings.answering.hits, AnswererOptions().hits);
  EXPECT_EQ(profile->sources.at("korean.k1"), file.string() + ":9");
  EXPECT_FALSE(profile->sets("hits"));
  EXPECT_EQ(profile->comments, (std::vector<std::string>{"Written by hand.", "", "Twice."}));
}

TEST_F(ProfileTest, WhatIsWrittenIsReadBack) {
  AnswerSettings settings;
  settings.chunk_tokens = 240;
  settings.answering.refusal.threshold = 0.55f;
  settings.answering.context.whole_sections = false;
  settings.answering.context.neighbours = 2;
  settings.ranking.other.dense_length_exponent = -0.25f;
  const Result<Profile> profile =
      read_profile(write_profile("b", profile_text(settings, {"One line.", "Another."})));
  ASSERT_TRUE(profile.ok()) << profile.error().message;
  EXPECT_EQ(profile_values(profile->settings), profile_values(settings));
  EXPECT_EQ(profile->settings.answering.refusal.threshold, 0.55f);
  EXPECT_EQ(profile->comments, (std::vector<std::string>{"One line.", "Another."}));
  EXPECT_EQ(profile->sources.size(), profile_values(settings).size());
}

TEST_F(ProfileTest, AnErrorNamesFileAndLine) {
  const struct {
    const char* text;
    const char* line;
    const char* word;
  } cases[] = {{"\nmax_pasages = 3\n", ":2", "max_pasages"},
               {"max_passages = 0\n", ":1", "1 to 100"},
               {"max_passages = 2.5\n", ":1", "whole number"},
               {"hits = 6\nthreshold = 1.5\n", ":2", "0 to 1"},
               {"threshold = nan\n", ":1", "threshold"},
               {"threshold = \"high\"\n", ":1", "threshold"},
               {"whole_sections = 1\n", ":1", "true or false"},
               {"korean = 3\n", ":1", "[korean]"},
               {"[korean]\nk2 = 1\n", ":2", "k2"},
               {"[other]\n\nbody_b = 2\n", ":3", "0 to 1"},
               {"[english]\n", ":1", "english"},
               {"hits = \n", ":1", "TOML"}};
  for (const auto& wrong : cases) {
    const auto file = write_profile("wrong", wrong.text);
    const Result<Profile> profile = read_profile(file);
    ASSERT_FALSE(profile.ok()) << wrong.text;
    EXPECT_EQ(profile.error().code, ErrorCode::kInvalidArgument) << wrong.text;
    EXPECT_NE(profile.error().message.find(file.string() + wrong.line), std::string::npos)
        << profile.error().message;
    EXPECT_NE(profile.error().message.find(wrong.word), std::string::npos)
        << profile.error().message;
  }
}

TEST_F(ProfileTest, AFlagBeatsTheEnvironmentWhichBeatsTheConfigurationFile) {
  for (const char* name : {"flag", "variable", "file"}) write_profile(name, "hits = 30\n");
  EXPECT_FALSE(load()->profile.has_value());
  place_.write(".config/saseo/config.toml", "profile = \"file\"\n");
  EXPECT_EQ(load()->profile->name, "file");
  variables_["SASEO_PROFILE"] = "variable";
  EXPECT_EQ(load()->profile->name, "variable");
  GlobalFlags flags;
  flags.profile = "flag";
  EXPECT_EQ(load(flags)->profile->name, "flag");
  EXPECT_EQ(load(flags)->profile_name.source, "--profile");
  flags.profile = "none";
  EXPECT_FALSE(load(flags)->profile.has_value());
}

TEST_F(ProfileTest, BeatsTheConfigurationFileWhereItSetsTheSame) {
  place_.write(".config/saseo/config.toml",
               "profile = \"mine\"\nchunk_tokens = 100\ncontext_tokens = 900\n");
  const auto file = write_profile("mine", "chunk_tokens = 240\n");
  const Result<Config> config = load();
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->chunk_tokens.value, 240u);
  EXPECT_EQ(config->chunk_tokens.source, file.string() + ":1");
  EXPECT_EQ(config->context_tokens.value, 900u);
  EXPECT_EQ(config->answer_settings.answering.context.token_budget, 900u);
}

TEST_F(ProfileTest, APathIsRelativeToTheFileThatNamesIt) {
  place_.write(".config/saseo/config.toml", "profile = \"mine.toml\"\n");
  place_.write(".config/saseo/mine.toml", "hits = 7\n");
  const Result<Config> config = load();
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->answer_settings.answering.hits, 7u);
}

TEST_F(ProfileTest, OneThatIsNotThereNamesThoseThatAre) {
  write_profile("kitchen", "");
  GlobalFlags flags;
  flags.profile = "kitchn";
  const Result<Config> config = load(flags);
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().code, ErrorCode::kNotFound);
  EXPECT_NE(config.error().message.find("kitchen"), std::string::npos) << config.error().message;
}

}  // namespace
}  // namespace saseo::app
