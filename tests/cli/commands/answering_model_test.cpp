// saseo ask and chat answered by model files: the engine, the checks and what a person sees.
#include <gtest/gtest.h>

#include <regex>

#include "tests/cli/made_models.h"
#include "tests/cli/saseo_terminal.h"

namespace saseo::cli {
namespace {

using nlohmann::json;

// Cited, with a number of no passage; made up; without a citation. The best passage is the prompt's
// second, where they stand as in the manual.
const SpokenTexts kDescaling = {
    .answer = {"물때는 구연산 한 숟가락을 ", "넣고 끓이면 ", "없어집니다. [2][8]\n", "세제는 ",
               "7회 쓰세요. ", "[1]\n", "한 달에 ", "한 번 하세요."},
    .rewriting = {"다온포트 보증 ", "기간은 얼마나 돼?"}};
const std::string kQuestion = "다온포트 물때 제거하는 방법";
const std::string kAnswer =
    "물때는 구연산 한 숟가락을 넣고 끓이면 없어집니다. [1]\n세제는 7회 쓰세요. [?]\n"
    "한 달에 한 번 하세요. [1]\n";

class AnsweringModelTest : public testing::Test {
 protected:
  AnsweringModelTest() {
    place_.write("m/kettle.md", kKettle);
    place_.write("m/lamp.md", kLamp);
    EXPECT_EQ(place_.run({"ingest", (place_.folder() / "m").string()}).exit_code, 0);
    spoken_ = add_spoken_model(place_, "spoken.gguf", kDescaling).string();
  }
  Finished ask(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"ask", "--model", spoken_});
    return place_.run(arguments);
  }
  // Slow enough to be stopped on the way.
  std::string add_slow_model() const {
    Model model = random_model({.layers = 6, .type = TensorType::kF32, .d = 512, .vocab = 512});
    model.config.context = 8192;
    const std::filesystem::path path = place_.folder() / "slow.gguf";
    EXPECT_TRUE(write_gguf(model, path).ok());
    return path.string();
  }
  Workplace place_;
  std::string spoken_;
};

TEST_F(AnsweringModelTest, AnswersInTheModelsWordsWithCheckedCitations) {
  const Finished asked = ask({kQuestion});
  EXPECT_EQ(asked.exit_code, 0) << asked.err;
  EXPECT_EQ(asked.err, "");
  EXPECT_TRUE(asked.out.starts_with(kAnswer)) << asked.out;
  EXPECT_NE(asked.out.find("물 끓이기 > 물때 제거"), std::string::npos) << asked.out;
  EXPECT_NE(asked.out.find("\n[?] "), std::string::npos) << "what the mark means\n" << asked.out;
}

TEST_F(AnsweringModelTest, JsonHoldsThePlanTheUsageAndEachSentencesBasis) {
  const Finished asked = ask({"--json", kQuestion});
  ASSERT_EQ(asked.exit_code, 0) << asked.out;
  const json answer = asked.json();
  EXPECT_EQ(answer["answer"], kAnswer);
  EXPECT_EQ(answer["asked"], kQuestion);
  EXPECT_EQ(answer["model"], "spoken");
  EXPECT_TRUE(answer["rewriting"].is_null());
  const json& generation = answer["generation"];
  const json& plan = generation["plan"];
  const auto part = [&](const char* name) { return plan[name].get<int>(); };
  EXPECT_EQ(part("prompt"), part("instructions") + part("question") + part("history") +
                                part("passages") + part("framing"));
  EXPECT_EQ(plan["prompt"], generation["usage"]["prompt_tokens"]);
  EXPECT_EQ(part("context"), 8192);
  EXPECT_EQ(part("passages_shown"), static_cast<int>(answer["passages"].size()));
  EXPECT_EQ(generation["usage"]["completion_tokens"], kDescaling.answer.size());
  EXPECT_EQ(generation["usage"]["reused_prefix_tokens"], 0);
  EXPECT_GT(generation["usage"]["prefill_tokens_per_second"], 0);
  EXPECT_GT(generation["usage"]["decode_tokens_per_second"], 0);
  EXPECT_EQ(generation["end"], "stop");
  EXPECT_EQ(generation["invented_citations"], 1);
  ASSERT_EQ(answer["sentences"].size(), 3u);
  EXPECT_EQ(answer["sentences"][0]["basis"], "cited");
  EXPECT_EQ(answer["sentences"][1]["basis"], "unsupported");
  EXPECT_EQ(answer["sentences"][1]["unverified"], json({"7회"}));
  EXPECT_EQ(answer["sentences"][2]["basis"], "found");
}

TEST_F(AnsweringModelTest, TheExtractiveModelHasNoGeneration) {
  const json answer = place_.run({"ask", "--json", kQuestion}).json();
  EXPECT_EQ(answer["model"], "extractive");
  EXPECT_TRUE(answer["generation"].is_null());
  EXPECT_TRUE(answer["sentences"].empty());
}

TEST_F(AnsweringModelTest, ExplainShowsWhereTheTokensGoAndWhatWasFlagged) {
  const json plan = ask({"--json", kQuestion}).json()["generation"]["plan"];
  const std::string view = ask({"--explain", kQuestion}).out;
  const auto shows = [&](const std::string& text) {
    EXPECT_NE(view.find(text), std::string::npos) << text << "\n" << view;
  };
  shows(fmt::format("{} tokens: instructions {}, question {}, history 0 (0 turns), passages {} (3)",
                    plan["prompt"].get<int>(), plan["instructions"].get<int>(),
                    plan["question"].get<int>(), plan["passages"].get<int>()));
  shows("context 8192, kept for the answer 768");
  shows(fmt::format("0 of {} prompt tokens were computed before", plan["prompt"].get<int>()));
  shows("8 written in");
  shows("cited by the model 1, passage found 1, unsupported 1");
  shows("1 citations of no passage");
  shows("7회");
}

TEST_F(AnsweringModelTest, NonsenseIsNeverShownAndItIsSaidWhy) {
  const std::string nonsense =
      add_model_file(place_, "nonsense.gguf", TensorType::kQ8_0, 1, 8192).string();
  const Finished asked =
      place_.run({"ask", "--model", nonsense, "--max-tokens", "60", "--explain", kQuestion});
  EXPECT_EQ(asked.exit_code, 4);
  EXPECT_TRUE(asked.out.starts_with("설명서에서 답을 찾지 못했습니다.\n")) << asked.out;
  EXPECT_NE(asked.out.find("• 다온포트 K1: 물 끓이기 > 물때 제거"), std::string::npos);
  EXPECT_NE(asked.out.find("--model extractive"), std::string::npos) << asked.out;
  EXPECT_NE(asked.out.find("nothing that the model wrote stands in the passages"),
            std::string::npos)
      << asked.out;
  const json answer =
      place_.run({"ask", "--model", nonsense, "--max-tokens", "60", "--json", kQuestion}).json();
  EXPECT_EQ(answer["found"], false);
  EXPECT_GT(answer["generation"]["usage"]["completion_tokens"], 0);
}

TEST_F(AnsweringModelTest, AModelThatFindsNothingIsBelieved) {
  const std::string silent =
      add_spoken_model(place_, "silent.gguf", {.answer = {"설명서에 답이 ", "없습니다."}}).string();
  const Finished asked = place_.run({"ask", "--model", silent, "--json", kQuestion});
  EXPECT_EQ(asked.exit_code, 4);
  EXPECT_EQ(asked.json()["generation"]["said_silent"], true);
  EXPECT_TRUE(asked.json()["citations"].empty());
}

TEST_F(AnsweringModelTest, TheModelThatIsUsedAnswersByDefaultAndExtractiveGoesBack) {
  const auto model_of = [&](std::vector<std::string> arguments = {}) -> std::string {
    arguments.insert(arguments.begin(), {"ask", "--json", kQuestion});
    const json answer = place_.run(arguments).json();
    return answer.contains("model") ? answer["model"] : answer["error"]["message"];
  };
  const auto in_force = [&] {
    return place_.run({"doctor", "--json"}).json()["settings"]["model"];
  };
  EXPECT_EQ(model_of(), "extractive");
  ASSERT_EQ(place_.run({"models", "add", spoken_, "--name", "mine"}).exit_code, 0);
  EXPECT_EQ(model_of(), "mine") << "the first that is added is the default";
  EXPECT_EQ(in_force(), json({{"value", "mine"}, {"source", "models use"}}));
  EXPECT_EQ(model_of({"--model", "extractive"}), "extractive");
  place_.environment["SASEO_MODEL"] = "extractive";
  EXPECT_EQ(model_of(), "extractive");
  EXPECT_EQ(model_of({"--model", "mine"}), "mine");
  place_.environment.erase("SASEO_MODEL");
  place_.write(".config/saseo/config.toml", "model = \"extractive\"\n");
  EXPECT_EQ(model_of(), "extractive");
  std::filesystem::remove(place_.folder() / ".config/saseo/config.toml");
  ASSERT_EQ(place_.run({"models", "use", "extractive"}).exit_code, 0);
  EXPECT_EQ(model_of(), "extractive");
  ASSERT_EQ(place_.run({"models", "use", "mine"}).exit_code, 0);
  EXPECT_EQ(model_of(), "mine");
}

TEST_F(AnsweringModelTest, AFileThatIsNoModelSaysWhatItIs) {
  const std::string page =
      place_.write("page.gguf", "<!DOCTYPE html><html><body>Sign in</body></html>").string();
  const Finished asked = place_.run({"ask", "--model", page, kQuestion});
  EXPECT_EQ(asked.exit_code, 3);
  EXPECT_EQ(asked.out, "");
  EXPECT_NE(asked.err.find("page.gguf"), std::string::npos) << asked.err;
  EXPECT_NE(asked.err.find("a web page"), std::string::npos) << asked.err;
  const Finished gone = place_.run({"ask", "--model", "/nowhere.gguf", kQuestion});
  EXPECT_EQ(gone.exit_code, 3);
  EXPECT_NE(gone.err.find("/nowhere.gguf"), std::string::npos) << gone.err;
}

TEST_F(AnsweringModelTest, AContextThatIsTooSmallIsAnErrorWithTheNumbers) {
  const Finished asked = ask({"--context", "600", kQuestion});
  EXPECT_EQ(asked.exit_code, 3);
  for (const char* number : {"of 600", " 300 kept"})
    EXPECT_NE(asked.err.find(number), std::string::npos) << number << "\n" << asked.err;
}

TEST_F(AnsweringModelTest, PassagesWithoutRoomAreNamed) {
  const json whole = ask({"--json", kQuestion}).json()["generation"]["plan"];
  const std::string context = std::to_string(whole["prompt"].get<int>() + 99);
  const std::vector<std::string> tight = {"--context", context, "--max-tokens", "100"};
  const auto with = [&](const std::string& more) {
    std::vector<std::string> arguments = tight;
    arguments.insert(arguments.end(), {more, kQuestion});
    return arguments;
  };
  EXPECT_EQ(ask(with("--json")).json()["generation"]["passages_left_out"], json({3}));
  const Finished asked = ask(with("--explain"));
  EXPECT_NE(asked.out.find("1 passages had no room"), std::string::npos) << asked.out;
  EXPECT_NE(asked.out.find("passages 1 [3]"), std::string::npos) << asked.out;
}

TEST_F(AnsweringModelTest, ASecondQuestionStartsFromWhatTheFirstLeftOnDisk) {
  const std::string folder = (place_.folder() / "kv").string();
  const json fresh = ask({"--json", kQuestion}).json();
  const auto usage = [&](const json& answer) { return answer["generation"]["usage"]; };
  const json first = ask({"--json", "--kv-cache-dir", folder, kQuestion}).json();
  EXPECT_EQ(usage(first)["stored_prefix_tokens"], 0);
  const json second = ask({"--json", "--kv-cache-dir", folder, kQuestion}).json();
  EXPECT_GT(usage(second)["stored_prefix_tokens"], 100);
  EXPECT_EQ(usage(second)["store_notes"], json::array());
  EXPECT_EQ(second["answer"], fresh["answer"]);

  // A file that is damaged is told once, and written anew.
  place_.environment["SASEO_KV_CACHE_DIR"] = folder;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    std::filesystem::resize_file(entry.path(), 1000);
  const Finished damaged = ask({"--explain", kQuestion});
  EXPECT_TRUE(damaged.out.starts_with(kAnswer)) << damaged.out;
  EXPECT_NE(damaged.out.find("ignored and removed"), std::string::npos) << damaged.out;
  const Finished again = ask({"--explain", kQuestion});
  EXPECT_NE(again.out.find("from disk (--kv-cache-dir)"), std::string::npos) << again.out;
  EXPECT_EQ(again.out.find("ignored"), std::string::npos) << again.out;
  const Finished doctor = place_.run({"doctor"});
  EXPECT_NE(doctor.out.find(folder + "  1 files"), std::string::npos) << doctor.out;
}

TEST_F(AnsweringModelTest, AFolderForPromptsThatCannotBeOneIsAUsageError) {
  EXPECT_EQ(ask({"--kv-cache-dir", spoken_, kQuestion}).exit_code, 2);
  EXPECT_EQ(ask({"--kv-cache-size", "much", kQuestion}).exit_code, 2);
}

TEST_F(AnsweringModelTest, AnAnswerThatIsCutSaysSo) {
  const Finished asked = ask({"--max-tokens", "4", kQuestion});
  EXPECT_EQ(asked.exit_code, 0);
  EXPECT_NE(asked.out.find("cut at 4 tokens"), std::string::npos) << asked.out;
}

TEST_F(AnsweringModelTest, TheOptionsOfModelFilesAreThoseOfGenerate) {
  EXPECT_EQ(ask({"--kv", "q8_0", "--threads", "1", "--temperature", "0.01", "--seed", "3", "--json",
                 kQuestion})
                .json()["answer"],
            kAnswer);
  EXPECT_EQ(ask({"--top-p", "2", kQuestion}).exit_code, 2);
  EXPECT_EQ(ask({"--kv", "q4", kQuestion}).exit_code, 2);
  EXPECT_EQ(ask({"--context", "100000", kQuestion}).exit_code, 2);
  const Finished refused = ask({"--memory", "100KiB", "--json", kQuestion});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(refused.json()["error"]["code"], "limit");
}

TEST_F(AnsweringModelTest, ABatchIsAnsweredByTheModelAndReusesTheInstructions) {
  const std::string line = "{\"id\": 1, \"question\": \"" + kQuestion + "\"}\n";
  const Finished asked = place_.run({"ask", "--model", spoken_, "--batch", "-"}, line + line);
  EXPECT_EQ(asked.exit_code, 0) << asked.err;
  const std::vector<json> answers = asked.json_lines();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0]["answer"], kAnswer);
  EXPECT_EQ(answers[1]["answer"], kAnswer) << "the same with a reused prefix";
  const json usage = answers[1]["generation"]["usage"];
  EXPECT_EQ(usage["reused_prefix_tokens"].get<int>() + 1, usage["prompt_tokens"]);
}

TEST_F(AnsweringModelTest, ChatRewritesFollowUpsAndReusesThePrefix) {
  const Finished chat = place_.run({"chat", "--model", spoken_},
                                   kQuestion + "\n/explain\n그럼 보증 기간은?\n/explain\n");
  EXPECT_EQ(chat.exit_code, 0) << chat.err;
  std::smatch match;
  const std::regex reuse("reused +([0-9]+) of ([0-9]+) prompt");
  ASSERT_TRUE(std::regex_search(chat.out, match, reuse)) << chat.out;
  EXPECT_EQ(match[1], "0");
  const std::string rest = match.suffix();
  ASSERT_TRUE(std::regex_search(rest, match, reuse)) << rest;
  EXPECT_GT(std::stoi(match[1]), 500) << "the instructions\n" << rest;
  EXPECT_LT(std::stoi(match[1]), std::stoi(match[2]));
  for (const char* text : {"그럼 보증 기간은?", "다온포트 보증 기간은 얼마나 돼?", "by the model",
                           "(1 turns)", "물때는 구연산 한 숟가락을"})
    EXPECT_NE(rest.find(text), std::string::npos) << text << "\n" << rest;
}

TEST_F(AnsweringModelTest, ChatChangesTheModelAndKeepsItWhereTheOtherCannotBeOpened) {
  const Finished chat = place_.run({"chat"}, "/model " + spoken_ + "\n/model /nowhere.gguf\n" +
                                                 kQuestion + "\n/model extractive\n");
  EXPECT_NE(chat.out.find("Model: spoken"), std::string::npos) << chat.out;
  EXPECT_NE(chat.err.find("/nowhere.gguf"), std::string::npos) << chat.err;
  EXPECT_NE(chat.out.find(kAnswer), std::string::npos) << chat.out;
  EXPECT_NE(chat.out.find("Model: extractive"), std::string::npos) << chat.out;
}

TEST_F(AnsweringModelTest, CtrlCEndsAQuestionWith130) {
  add_slow_model();
  // From when its file is mapped: while it is loaded, in the prompt or in the answer.
  const Finished stopped = place_.run_shell(
      "\"$SASEO\" ask --model ~/slow.gguf '" + kQuestion +
      "' > ~/out & pid=$!; until grep -q slow.gguf /proc/$pid/maps || ! kill -0 $pid; do sleep "
      "0.01; done; kill -INT $pid; wait $pid");
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
}

TEST_F(AnsweringModelTest, CtrlCStopsTheAnswerAndNotTheChat) {
  Terminal terminal(place_, {"chat", "--model", add_slow_model()});
  ASSERT_TRUE(terminal.shows("ask> ")) << terminal.screen();
  terminal.type(kQuestion + "\r");
  ASSERT_TRUE(terminal.shows("slow reads the passages ... 256 of ")) << terminal.screen();
  terminal.type("\x03");
  ASSERT_TRUE(terminal.shows("(stopped)")) << terminal.screen();
  ASSERT_TRUE(terminal.shows("ask> ")) << terminal.screen();
  terminal.type("/model " + spoken_ + "\r");
  ASSERT_TRUE(terminal.shows("Model: spoken")) << terminal.screen();
  ASSERT_TRUE(terminal.shows("ask> ")) << terminal.screen();
  terminal.type(kQuestion + "\r");
  EXPECT_TRUE(terminal.shows("한 달에 한 번 하세요. [1]")) << terminal.screen();
  terminal.type("/quit\r");
  EXPECT_EQ(terminal.exit_code(), 0);
}

}  // namespace
}  // namespace saseo::cli
