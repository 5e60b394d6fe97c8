// saseo models prepack and --prepack, as programs.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/cli/made_models.h"

namespace saseo::cli {
namespace {
namespace fs = std::filesystem;

class ModelsPrepack : public testing::Test {
 protected:
  ModelsPrepack() : path_(add_model_file(place_, "m.gguf")), file_(path_.string() + ".panels") {}

  Finished generate(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"generate", "-m", path_.string(), "--raw",
                                          "-n",       "8",  "한국"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return place_.run(arguments);
  }
  Finished prepack(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"models", "prepack", path_.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return place_.run(arguments);
  }
  void damage(std::streamoff from_end) const {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(from_end, from_end < 0 ? std::ios::end : std::ios::beg);
    file.put('!');
  }

  Workplace place_;
  fs::path path_, file_;
};

TEST_F(ModelsPrepack, WritesTheFileBesideTheModelAndAnswersStayTheSame) {
  const std::string before = generate().out;
  const Finished written = prepack({"--json"});
  ASSERT_EQ(written.exit_code, 0) << written.out << written.err;
  EXPECT_EQ(written.json()["path"], file_.string());
  EXPECT_EQ(written.json()["bytes"], fs::file_size(file_));
  const Finished after = generate();
  EXPECT_EQ(after.exit_code, 0) << after.err;
  EXPECT_EQ(after.out, before);
  EXPECT_EQ(after.err.find("warning"), std::string::npos) << after.err;
}

TEST_F(ModelsPrepack, TheOptionWritesItOnceAndUsesIt) {
  const std::string before = generate().out;
  EXPECT_EQ(generate({"--prepack"}).out, before);
  ASSERT_TRUE(fs::exists(file_));
  const auto time = fs::last_write_time(file_);
  EXPECT_EQ(generate({"--prepack"}).out, before);
  EXPECT_EQ(fs::last_write_time(file_), time);
}

TEST_F(ModelsPrepack, ADamagedFileIsAWarningAndTheOptionReplacesIt) {
  const std::string before = generate().out;
  prepack();
  damage(60);
  const Finished warned = generate();
  EXPECT_EQ(warned.exit_code, 0);
  EXPECT_EQ(warned.out, before);
  EXPECT_NE(warned.err.find(file_.string()), std::string::npos) << warned.err;
  EXPECT_EQ(generate({"--prepack"}).err.find("warning"), std::string::npos);
  EXPECT_EQ(generate().err.find("warning"), std::string::npos);
}

TEST_F(ModelsPrepack, CheckReadsItWhole) {
  prepack();
  const auto status = [](const Finished& checked) {
    const nlohmann::json report = checked.json();
    for (const auto& check : report["checks"])
      if (check["name"] == "prepacked") return check["status"].get<std::string>();
    return std::string("none");
  };
  EXPECT_EQ(status(place_.run({"models", "check", path_.string(), "--json"})), "ok");
  damage(-3000);
  const Finished checked = place_.run({"models", "check", path_.string(), "--json"});
  EXPECT_EQ(status(checked), "bad");
  EXPECT_EQ(checked.exit_code, 5);
  EXPECT_EQ(prepack({"--remove"}).exit_code, 0);
  EXPECT_EQ(status(place_.run({"models", "check", path_.string(), "--json"})), "none");
}

TEST_F(ModelsPrepack, RemoveDeletesTheFileAloneAndFailsWhereThereIsNone) {
  prepack();
  EXPECT_EQ(prepack({"--remove"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_TRUE(fs::exists(path_));
  EXPECT_EQ(prepack({"--remove"}).exit_code, 3);
}

TEST_F(ModelsPrepack, TakingTheModelOffTheListTellsThatTheFileStays) {
  ASSERT_EQ(place_.run({"models", "add", path_.string()}).exit_code, 0);
  ASSERT_EQ(place_.run({"models", "prepack"}).exit_code, 0);
  const Finished removed = place_.run({"models", "remove", "m"});
  EXPECT_EQ(removed.exit_code, 0);
  EXPECT_NE(removed.err.find(file_.string()), std::string::npos) << removed.err;
  EXPECT_TRUE(fs::exists(file_));
}

TEST_F(ModelsPrepack, AFullDiskIsAnErrorOfTheCommandAndAWarningOfTheOption) {
  const std::string run = "ulimit -f 1024; \"$SASEO\" ";
  const Finished failed = place_.run_shell(run + "models prepack " + path_.string());
  EXPECT_NE(failed.exit_code, 0);
  EXPECT_NE(failed.err.find(file_.string()), std::string::npos) << failed.err;
  const Finished went_on =
      place_.run_shell(run + "generate --prepack --raw -n 4 -m " + path_.string() + " hello");
  EXPECT_EQ(went_on.exit_code, 0) << went_on.err;
  EXPECT_NE(went_on.err.find("warning"), std::string::npos) << went_on.err;
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(ModelsPrepack, AModelOfFloatsHasNothingToPrepack) {
  const fs::path floats = add_model_file(place_, "f.gguf", TensorType::kF16);
  const Finished failed = place_.run({"models", "prepack", floats.string()});
  EXPECT_EQ(failed.exit_code, 3);
  EXPECT_NE(failed.err.find("not quantised"), std::string::npos) << failed.err;
}

}  // namespace
}  // namespace saseo::cli
