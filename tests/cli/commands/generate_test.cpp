// saseo generate and tokenize, as programs on small random models.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/cli/made_models.h"

namespace saseo::cli {
namespace {
namespace fs = std::filesystem;

class Generate : public testing::Test {
 protected:
  Generate() : model_(add_model_file(place_, "m.gguf").string()) {}

  // The arguments after `saseo generate --model M`.
  Finished run(std::vector<std::string> arguments, const std::string& input = "") const {
    arguments.insert(arguments.begin(), {"generate", "--model", model_});
    return place_.run(arguments, input);
  }
  nlohmann::json json(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    return run(std::move(arguments)).json();
  }

  Workplace place_;
  std::string model_;
};

TEST_F(Generate, WritesTheTextAndTellsTheTimingsApart) {
  const Finished generated = run({"--max-tokens", "12", "무선 충전"});
  EXPECT_EQ(generated.exit_code, 0);
  const nlohmann::json same = json({"--max-tokens", "12", "무선 충전"});
  EXPECT_TRUE(generated.out.starts_with(same["text"].get<std::string>())) << generated.out;
  EXPECT_NE(generated.err.find("12 tokens written"), std::string::npos) << generated.err;
  EXPECT_NE(generated.err.find("cut short"), std::string::npos) << generated.err;
}

TEST_F(Generate, JsonHoldsTokensCountsAndTimings) {
  const nlohmann::json generated = json({"--raw", "--max-tokens", "5", "무선 충전"});
  EXPECT_EQ(generated["version"], 1);
  EXPECT_EQ(generated["model"], "m");
  EXPECT_EQ(generated["finish"], "length");
  EXPECT_EQ(generated["completion_tokens"], 5);
  ASSERT_EQ(generated["tokens"].size(), 5u);
  EXPECT_TRUE(generated["tokens"][0]["piece"].is_string());
  EXPECT_FALSE(generated["tokens"][0].contains("logprob"));
  EXPECT_GT(generated["timings"]["prefill_tokens_per_second"], 0);
  EXPECT_GT(generated["timings"]["decode_tokens_per_second"], 0);
}

TEST_F(Generate, AChatPromptIsWrappedInTurnsAndARawOneIsNot) {
  const nlohmann::json raw = json({"--raw", "--max-tokens", "1", "하는"});
  const nlohmann::json chat = json({"--max-tokens", "1", "하는"});
  const nlohmann::json counted =
      place_.run({"tokenize", "--model", model_, "--json", "--count", "하는"}).json();
  EXPECT_EQ(raw["prompt_tokens"], counted["count"].get<int>() + 1) << "<bos> comes in front";
  EXPECT_GT(chat["prompt_tokens"], raw["prompt_tokens"].get<int>() + 4);
  const std::string turn = "<start_of_turn>";
  EXPECT_LT(json({"--raw", "--control", "--max-tokens", "1", turn})["prompt_tokens"],
            json({"--raw", "--max-tokens", "1", turn})["prompt_tokens"]);
}

TEST_F(Generate, TakesThePromptFromAFileOrStandardInput) {
  const std::string prompt = "charge\nthe user ";
  const fs::path file = place_.write("prompt.txt", prompt);
  const nlohmann::json words = json({"--raw", "--max-tokens", "6", prompt});
  EXPECT_EQ(json({"--raw", "--max-tokens", "6", "@" + file.string()})["tokens"], words["tokens"]);
  EXPECT_EQ(run({"--raw", "--max-tokens", "6", "--json", "-"}, prompt).json()["tokens"],
            words["tokens"]);
  EXPECT_EQ(run({"@" + (place_.folder() / "none.txt").string()}).exit_code, 3);
}

TEST_F(Generate, TheSeedDecidesWhatIsDrawn) {
  const std::vector<std::string> hot = {"--max-tokens", "16", "--temperature", "1.5", "hello"};
  const auto with_seed = [&](const char* seed) {
    std::vector<std::string> arguments = hot;
    arguments.insert(arguments.begin(), {"--seed", seed});
    return json(arguments)["tokens"];
  };
  EXPECT_EQ(with_seed("7"), with_seed("7"));
  EXPECT_NE(with_seed("7"), with_seed("8"));
}

TEST_F(Generate, StopsBeforeAStopText) {
  const std::string whole = json({"--max-tokens", "24", "hello"})["text"];
  ASSERT_GT(whole.size(), 6u) << "the model of this seed writes text";
  // The last character: it may stand earlier too.
  std::size_t at = whole.size() - 1;
  while ((static_cast<unsigned char>(whole[at]) & 0xC0) == 0x80) --at;
  const std::string stop = whole.substr(at);
  const nlohmann::json stopped = json({"--max-tokens", "24", "--stop", stop, "hello"});
  EXPECT_EQ(stopped["finish"], "stop");
  EXPECT_EQ(stopped["text"], whole.substr(0, whole.find(stop)));
}

TEST_F(Generate, LogprobsNameTheLikeliestTokens) {
  const nlohmann::json token =
      json({"--raw", "--max-tokens", "1", "--logprobs", "3", "hello"})["tokens"][0];
  ASSERT_EQ(token["most_likely"].size(), 3u);
  EXPECT_EQ(token["most_likely"][0]["id"], token["id"]) << "greedy takes the first";
  EXPECT_LE(token["logprob"], 0);
  EXPECT_GE(token["most_likely"][0]["logprob"], token["most_likely"][1]["logprob"]);
  const Finished lines = run({"--raw", "--max-tokens", "4", "--logprobs", "2", "hello"});
  EXPECT_EQ(std::ranges::count(lines.out, '\n'), 4);
}

TEST_F(Generate, TheFormOfKeysAndValuesAndThreadsDoNotChangeTheCount) {
  for (const char* kv : {"f16", "q8_0", "f32"})
    EXPECT_EQ(json({"--kv", kv, "--threads", "1", "--max-tokens", "3", "hi"})["completion_tokens"],
              3);
}

TEST_F(Generate, GuessingAheadChangesNoWordAndIsCounted) {
  const std::string draft = add_model_file(place_, "draft.gguf", TensorType::kQ8_0, 2).string();
  const std::vector<std::vector<std::string>> ways = {
      {"--speculate", "off"}, {"--speculate", "lookup"}, {"--draft-model", draft}, {}};
  for (const char* temperature : {"0", "0.9"}) {
    std::vector<std::string> texts;
    for (std::vector<std::string> arguments : ways) {
      arguments.insert(arguments.end(), {"--max-tokens", "60", "--temperature", temperature,
                                         "--seed", "7", "user model user model user"});
      const nlohmann::json generated = json(arguments);
      texts.push_back(generated["text"]);
      const nlohmann::json& counts = generated["speculation"];
      EXPECT_LE(counts["accepted_tokens"], counts["drafted_tokens"]);
      EXPECT_LE(counts["draft_passes"], counts["drafted_tokens"]);
      if (arguments[1] == "off") EXPECT_EQ(counts["drafted_tokens"], 0);
    }
    EXPECT_EQ(texts, std::vector<std::string>(ways.size(), texts[0]));
  }
}

TEST_F(Generate, ADraftModelOfAnotherVocabularyOrTooLargeIsRefused) {
  const std::string other = add_spoken_model(place_, "other.gguf", {.answer = {"A", "B"}}).string();
  const Finished refused = run({"--draft-model", other, "hello"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("other cannot draft for m"), std::string::npos) << refused.err;
  EXPECT_EQ(run({"--draft-model", "nowhere", "hello"}).exit_code, 3);
  EXPECT_EQ(run({"--speculate", "lookup", "--draft-model", other, "-n", "2", "hello"}).exit_code, 0)
      << "it is not asked";

  const std::string draft = add_model_file(place_, "draft.gguf", TensorType::kF32).string();
  const auto needed = std::filesystem::file_size(model_) + std::filesystem::file_size(draft);
  const Finished tight =
      run({"--memory", std::to_string(needed), "--context", "64", "--draft-model", draft, "hello"});
  EXPECT_EQ(tight.exit_code, 3);
  EXPECT_NE(tight.err.find("Without --draft-model"), std::string::npos) << tight.err;
}

TEST_F(Generate, BadOptionsAreUsageErrors) {
  const std::vector<std::vector<std::string>> bad = {
      {"--max-tokens", "0", "x"}, {"--top-p", "2", "x"},      {"--temperature", "-1", "x"},
      {"--kv", "q4", "x"},        {"--memory", "x", "x"},     {"--context", "100000", "x"},
      {"--logprobs", "0", "x"},   {"--speculate", "no", "x"}, {}};
  for (const std::vector<std::string>& arguments : bad)
    EXPECT_EQ(run(arguments).exit_code, 2) << (arguments.empty() ? "" : arguments[0]);
}

TEST_F(Generate, APromptBeyondTheContextIsAnErrorWithTheNumbers) {
  std::string prompt;
  for (int i = 0; i < 60; ++i) prompt += " user";
  const Finished long_prompt = run({"--raw", "--context", "32", prompt});
  EXPECT_EQ(long_prompt.exit_code, 3);
  EXPECT_NE(long_prompt.err.find("holds 32"), std::string::npos) << long_prompt.err;
}

TEST_F(Generate, AModelThatDoesNotFitIsRefusedWithWhatWouldFit) {
  const Finished refused = run({"--memory", "100KiB", "x", "--json"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(refused.json()["error"]["code"], "limit");
}

TEST_F(Generate, WithoutAModelItSaysHowToNameOne) {
  const Finished none = place_.run({"generate", "hello"});
  EXPECT_EQ(none.exit_code, 3);
  EXPECT_NE(none.err.find("saseo models add"), std::string::npos) << none.err;
  const Finished unknown = place_.run({"generate", "--model", "gemma-9", "hello"});
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_NE(unknown.err.find("gemma-9"), std::string::npos) << unknown.err;
}

TEST_F(Generate, CtrlCKeepsWhatWasWrittenAndEndsWith130) {
  // The signal comes once the first bytes are there; the model would write on for long.
  const Status written =
      write_gguf(random_model({.layers = 16, .type = TensorType::kF32, .d = 256, .vocab = 512}),
                 place_.folder() / "slow.gguf");
  ASSERT_TRUE(written.ok());
  const Finished stopped = place_.run_shell(
      "\"$SASEO\" generate --raw --model ~/slow.gguf --max-tokens 500 user > ~/out & pid=$!; "
      "until [ -s ~/out ] || ! kill -0 $pid; do sleep 0.01; done; kill -INT $pid; wait $pid");
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_NE(stopped.err.find("tokens written"), std::string::npos) << stopped.err;
}

TEST_F(Generate, AReaderThatLeavesEndsItQuietly) {
  const Finished piped =
      place_.run_shell("\"$SASEO\" generate --model ~/m.gguf --max-tokens 400 hello | true");
  EXPECT_EQ(piped.exit_code, 0) << piped.err;
}

TEST_F(Generate, TokenizeTellsIdsPiecesAndControls) {
  const nlohmann::json plain =
      place_.run({"tokenize", "--model", model_, "--json", " 무선 충전<end_of_turn>"}).json();
  EXPECT_EQ(plain["count"], plain["tokens"].size());
  for (const nlohmann::json& token : plain["tokens"]) EXPECT_EQ(token["control"], false);
  const nlohmann::json parsed =
      place_.run({"tokenize", "--model", model_, "--json", "--control", "--bos", "<end_of_turn>"})
          .json();
  ASSERT_EQ(parsed["tokens"].size(), 2u);
  EXPECT_EQ(parsed["tokens"][0]["piece"], "<bos>");
  EXPECT_EQ(parsed["tokens"][1]["control"], true);
  const std::string count = std::to_string(plain["count"].get<int>()) + "\n";
  EXPECT_EQ(place_.run({"tokenize", "--model", model_, "--count", " 무선 충전<end_of_turn>"}).out,
            count);
  const Finished lines = place_.run({"tokenize", "--model", model_, "-"}, "a\nb");
  EXPECT_NE(lines.out.find("\\n"), std::string::npos) << lines.out;
  EXPECT_EQ(std::ranges::count(lines.out, '\n'), 3);
}

}  // namespace
}  // namespace saseo::cli
