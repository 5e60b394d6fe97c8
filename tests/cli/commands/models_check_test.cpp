// saseo models check and the model's line in saseo doctor, as programs.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "tests/cli/made_models.h"

namespace saseo::cli {
namespace {
namespace fs = std::filesystem;

class ModelsCheck : public testing::Test {
 protected:
  ModelsCheck() : path_(add_model_file(place_, "m.gguf")) {}

  void add() const {
    const Finished added = place_.run({"models", "add", path_.string()});
    ASSERT_EQ(added.exit_code, 0) << added.err;
  }
  // The outcomes of format, content, weights and run, "ok bad ok ok".
  static std::string outcomes(const nlohmann::json& report) {
    std::string words;
    for (const nlohmann::json& check : report["checks"])
      words += (words.empty() ? "" : " ") + check["status"].get<std::string>();
    return words;
  }
  static std::string message(const nlohmann::json& report, std::size_t check) {
    return report["checks"][check]["message"];
  }

  Workplace place_;
  fs::path path_;
};

TEST_F(ModelsCheck, ASoundModelPassesEveryPartAndTellsItsSpeed) {
  add();
  const Finished checked = place_.run({"models", "check", "--json"});
  EXPECT_EQ(checked.exit_code, 0) << checked.out;
  const nlohmann::json report = checked.json();
  EXPECT_EQ(report["version"], 1);
  EXPECT_EQ(report["healthy"], true);
  EXPECT_EQ(report["name"], "m");
  EXPECT_EQ(report["registered"], true);
  EXPECT_EQ(outcomes(report), "ok ok ok ok");
  EXPECT_EQ(report["checks"][1]["name"], "content");
  EXPECT_EQ(report["files"][0]["bytes"], fs::file_size(path_));
  EXPECT_GT(report["timings"]["prefill_tokens_per_second"], 0);
  EXPECT_GT(report["timings"]["decode_tokens_per_second"], 0);
  const Finished words = place_.run({"models", "check", "m"});
  EXPECT_NE(words.out.find("16 written"), std::string::npos) << words.out;
  EXPECT_TRUE(words.err.empty()) << "progress is for terminals: " << words.err;
}

TEST_F(ModelsCheck, AFileThatIsNotRegisteredIsCheckedToo) {
  const nlohmann::json report = place_.run({"models", "check", path_.string(), "--json"}).json();
  EXPECT_EQ(report["healthy"], true);
  EXPECT_EQ(report["registered"], false);
  EXPECT_EQ(outcomes(report), "ok ok ok ok");
  EXPECT_NE(message(report, 1).find(report["files"][0]["sha256"]), std::string::npos);
}

TEST_F(ModelsCheck, OneFlippedBitIsOtherContent) {
  add();
  const auto time = fs::last_write_time(path_);
  std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(-1, std::ios::end);
  const char flipped = static_cast<char>(file.get() ^ 1);
  file.seekp(-1, std::ios::end);
  file.put(flipped);
  file.close();
  fs::last_write_time(path_, time);
  const Finished checked = place_.run({"models", "check", "m", "--json"});
  EXPECT_EQ(checked.exit_code, 5);
  const nlohmann::json report = checked.json();
  EXPECT_EQ(report["healthy"], false);
  EXPECT_EQ(outcomes(report), "ok bad ok ok");
  EXPECT_NE(message(report, 1).find(path_.string()), std::string::npos);
  EXPECT_NE(message(report, 1).find("SHA-256"), std::string::npos);
}

TEST_F(ModelsCheck, AScaleThatIsNoNumberNamesItsTensor) {
  Model model = random_model({.vocab = 512});
  const std::uint16_t nan = 0x7E00;  // Of half precision.
  std::memcpy(const_cast<std::byte*>(model.layers[1].down.row(3)), &nan, sizeof nan);
  ASSERT_TRUE(write_gguf(model, path_).ok());
  const Finished checked = place_.run({"models", "check", path_.string(), "--json"});
  EXPECT_EQ(checked.exit_code, 5);
  EXPECT_EQ(outcomes(checked.json()), "ok ok bad skipped");
  EXPECT_NE(message(checked.json(), 2).find("row 3 of tensor blk.1.ffn_down.weight"),
            std::string::npos);
  EXPECT_TRUE(checked.json()["timings"].is_null());
  const Finished words = place_.run({"models", "check", path_.string()});
  EXPECT_NE(words.out.find("not tried"), std::string::npos) << words.out;
}

TEST_F(ModelsCheck, ACopyThatBrokeOffIsToldByItsSize) {
  add();
  const auto whole = fs::file_size(path_);
  fs::resize_file(path_, whole / 2);
  const Finished checked = place_.run({"models", "check", "m", "--json"});
  EXPECT_NE(checked.exit_code, 0);
  EXPECT_EQ(outcomes(checked.json()), "bad bad skipped skipped");
  EXPECT_NE(message(checked.json(), 1).find("registered " + std::to_string(whole)),
            std::string::npos);
}

TEST_F(ModelsCheck, ATouchedFileOfTheSameContentIsNoLongerCalledChanged) {
  add();
  fs::last_write_time(path_, fs::last_write_time(path_) + std::chrono::hours(1));
  const auto state = [this] {
    return place_.run({"models", "list", "--json"}).json()["models"][0]["state"];
  };
  EXPECT_EQ(state(), "changed");
  EXPECT_EQ(place_.run({"models", "check"}).exit_code, 0);
  EXPECT_EQ(state(), "unchanged");
}

TEST_F(ModelsCheck, WhatIsNoModelOrIsGoneIsAnInputError) {
  const std::string page = place_.write("page.gguf", "<!DOCTYPE html><html></html>").string();
  const Finished checked = place_.run({"models", "check", page});
  EXPECT_EQ(checked.exit_code, 3);
  EXPECT_NE(checked.out.find("web page"), std::string::npos) << checked.out;
  EXPECT_EQ(place_.run({"models", "check", "nothing"}).exit_code, 3);
  add();
  fs::remove(path_);
  const Finished gone = place_.run({"models", "check", "--json"});
  EXPECT_EQ(gone.exit_code, 3);
  EXPECT_EQ(gone.json()["error"]["code"], "not-found");
}

TEST_F(ModelsCheck, CtrlCEndsItWith130) {
  const Status written =
      write_gguf(random_model({.layers = 16, .type = TensorType::kF32, .d = 256, .vocab = 512}),
                 place_.folder() / "slow.gguf");
  ASSERT_TRUE(written.ok());
  const Finished stopped = place_.run_shell(
      "\"$SASEO\" models check ~/slow.gguf > ~/out & pid=$!; "
      "until grep -q format ~/out || ! kill -0 $pid; do sleep 0.005; done; "
      "kill -INT $pid; wait $pid");
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_NE(stopped.err.find("stopped"), std::string::npos) << stopped.err;
}

TEST_F(ModelsCheck, DoctorNamesTheDefaultModelAndWhetherItsFileIsThere) {
  const auto finding = [this] {
    const nlohmann::json doctor = place_.run({"doctor", "--json"}).json();
    for (const nlohmann::json& one : doctor["findings"])
      if (one["name"] == "model") return one;
    return nlohmann::json();
  };
  EXPECT_EQ(finding()["status"], "ok") << "none is needed";
  add();
  EXPECT_EQ(finding()["status"], "ok");
  EXPECT_EQ(finding()["value"], "m  " + path_.string());
  fs::remove(path_);
  EXPECT_EQ(finding()["status"], "missing");
  EXPECT_FALSE(finding()["remedy"].get<std::string>().empty());
  EXPECT_TRUE(place_.run({"doctor", "--json"}).json()["model_kernels"].is_string());
}

}  // namespace
}  // namespace saseo::cli
