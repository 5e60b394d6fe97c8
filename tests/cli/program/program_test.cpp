// The command line itself: help, languages, configuration, usage errors.
#include <gtest/gtest.h>

#include "tests/cli/saseo_process.h"

namespace saseo::cli {
namespace {

TEST(Program, SpeaksTheLanguageOfTheLocaleUnlessTold) {
  Workplace place;
  place.environment["LC_ALL"] = "ko_KR.UTF-8";
  EXPECT_NE(place.run({"--help"}).out.find("설명서를 라이브러리에 넣기"), std::string::npos);
  EXPECT_NE(place.run({"--lang", "en", "--help"}).out.find("Read manuals"), std::string::npos);
  place.environment["SASEO_LANG"] = "en";
  EXPECT_NE(place.run({"ingest", "--help"}).out.find("Usage: saseo ingest"), std::string::npos);
}

TEST(Program, EveryCommandHasHelp) {
  Workplace place;
  for (const char* command : {"ingest", "ask", "chat", "search", "library", "models", "generate",
                              "tokenize", "doctor", "version"}) {
    const Finished help = place.run({command, "--help"});
    EXPECT_EQ(help.exit_code, 0) << command;
    EXPECT_NE(help.out.find(command), std::string::npos) << command;
  }
}

TEST(Program, AUsageErrorIsTwoAndJsonWhereAskedFor) {
  Workplace place;
  EXPECT_EQ(place.run({}).exit_code, 2);
  EXPECT_EQ(place.run({"frobnicate"}).exit_code, 2);
  EXPECT_EQ(place.run({"ask", "--frobnicate", "x"}).exit_code, 2);
  const Finished json = place.run({"search", "--json", "x", "--limit", "none"});
  EXPECT_EQ(json.exit_code, 2);
  EXPECT_EQ(json.json()["error"]["code"], "invalid-argument");
}

TEST(Program, ABadConfigurationFileIsToldWithItsLine) {
  Workplace place;
  const std::string file = place.write("c.toml", "# mine\nlibary = \"x\"\n").string();
  const Finished doctor = place.run({"doctor", "--config", file});
  EXPECT_EQ(doctor.exit_code, 2);
  EXPECT_NE(doctor.err.find("c.toml:2"), std::string::npos) << doctor.err;
}

TEST(Program, TheConfigurationFileNamesLibraryAndLanguage) {
  Workplace place;
  place.environment.erase("SASEO_LIBRARY");
  place.write(".config/saseo/config.toml", "library = \"~/books\"\nlang = \"ko\"\n");
  const std::string kettle = place.write("kettle.md", kKettle).string();
  const Finished ingest = place.run({"ingest", kettle});
  EXPECT_EQ(ingest.exit_code, 0);
  EXPECT_NE(ingest.out.find("추가"), std::string::npos) << ingest.out;
  EXPECT_TRUE(std::filesystem::exists(place.folder() / "books" / "library.db"));
}

TEST(Program, TellsItsVersionAndParts) {
  Workplace place;
  EXPECT_TRUE(place.run({"--version"}).out.starts_with("saseo "));
  const nlohmann::json version = place.run({"version", "--json"}).json();
  EXPECT_TRUE(version["saseo"].is_string());
  EXPECT_TRUE(version["kernels"].is_string());
  EXPECT_EQ(version["library_format"], 3);
  EXPECT_TRUE(version["dependencies"].contains("sqlite"));
}

}  // namespace
}  // namespace saseo::cli
