#include "app/settings/config.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/temporary_folder.h"

namespace saseo::app {
namespace {

class ConfigTest : public ::testing::Test {
 protected:
  Result<Config> load(const GlobalFlags& flags = {}) {
    return load_config(flags, [&](const char* name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      return found == variables_.end() ? std::nullopt : std::optional(found->second);
    });
  }
  void write_config(const std::string& text) {
    variables_["SASEO_CONFIG"] = place_.write("config.toml", text).string();
  }

  TemporaryFolder place_;
  std::map<std::string, std::string> variables_ = {{"HOME", place_.path().string()}};
};

TEST_F(ConfigTest, AFlagBeatsTheEnvironmentWhichBeatsTheFileWhichBeatsTheDefault) {
  const std::filesystem::path standard = place_.path() / ".local/share/saseo/library";
  EXPECT_EQ(load()->library.value, standard);
  EXPECT_EQ(load()->library.source, "default");

  write_config("limit = 5\nlibrary = \"/from/file\"\n");
  EXPECT_EQ(load()->library.value, "/from/file");
  EXPECT_EQ(load()->library.source, variables_["SASEO_CONFIG"] + ":2");
  EXPECT_EQ(load()->limit.value, 5u);

  variables_["SASEO_LIBRARY"] = "/from/variable";
  EXPECT_EQ(load()->library.value, "/from/variable");
  EXPECT_EQ(load()->library.source, "SASEO_LIBRARY");

  GlobalFlags flags;
  flags.library = "/from/flag";
  EXPECT_EQ(load(flags)->library.value, "/from/flag");
}

TEST_F(ConfigTest, FollowsTheXdgFolders) {
  variables_["XDG_DATA_HOME"] = "/data";
  EXPECT_EQ(load()->library.value, "/data/saseo/library");
  variables_["XDG_DATA_HOME"] = "relative";  // The specification: to be ignored.
  EXPECT_EQ(load()->library.value, place_.path() / ".local/share/saseo/library");
  variables_["XDG_CONFIG_HOME"] = "/config";
  EXPECT_EQ(load()->file, "/config/saseo/config.toml");
}

TEST_F(ConfigTest, APathInTheFileIsRelativeToTheFileAndTildeIsTheHome) {
  write_config("library = \"books\"\npdf_helper = \"~/bin/saseo-pdf\"\n");
  EXPECT_EQ(load()->library.value, place_.path() / "books");
  EXPECT_EQ(load()->pdf_helper.value, place_.path() / "bin/saseo-pdf");
}

TEST_F(ConfigTest, TheFolderOfComputedPromptsIsSetByFileOrVariable) {
  EXPECT_TRUE(load()->kv_cache_dir.value.empty());
  EXPECT_EQ(load()->kv_cache_size.value, "2GiB");
  write_config("kv_cache_dir = \"~/kv\"\nkv_cache_size = \"500MB\"\n");
  EXPECT_EQ(load()->kv_cache_dir.value, place_.path() / "kv");
  EXPECT_EQ(load()->kv_cache_size.value, "500MB");
  variables_["SASEO_KV_CACHE_DIR"] = "/elsewhere";
  EXPECT_EQ(load()->kv_cache_dir.value, "/elsewhere");
}

TEST_F(ConfigTest, AnErrorNamesFileAndLine) {
  const struct {
    const char* text;
    const char* line;
    const char* word;
  } cases[] = {{"\nlibary = \"x\"\n", ":2", "libary"},
               {"limit = \"ten\"\n", ":1", "limit"},
               {"limit = 0\n", ":1", "limit"},
               {"library = 3\n", ":1", "library"},
               {"color = \"pink\"\n", ":1", "pink"},
               {"lang = \"fr\"\n", ":1", "fr"},
               {"library = \"x\n", ":1", "TOML"},
               {"[library]\n", ":1", "library"},
               {"kv_cache_size = \"much\"\n", ":1", "much"}};
  for (const auto& wrong : cases) {
    write_config(wrong.text);
    const Result<Config> config = load();
    ASSERT_FALSE(config.ok()) << wrong.text;
    EXPECT_EQ(config.error().code, ErrorCode::kInvalidArgument) << wrong.text;
    EXPECT_NE(config.error().message.find(variables_["SASEO_CONFIG"] + wrong.line),
              std::string::npos)
        << config.error().message;
    EXPECT_NE(config.error().message.find(wrong.word), std::string::npos) << config.error().message;
  }
}

TEST_F(ConfigTest, AFileThatWasNamedMustExist) {
  variables_["SASEO_CONFIG"] = "/nowhere/config.toml";
  ASSERT_FALSE(load().ok());
  EXPECT_EQ(load().error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace saseo::app
