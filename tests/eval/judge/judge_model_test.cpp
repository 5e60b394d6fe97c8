// A run of two contestants judged by a model file of random weights, through the engine.
#include <gtest/gtest.h>

#include "eval/judge/judge.h"
#include "eval/run/evaluate.h"
#include "eval/run/runner.h"
#include "generation/extractive_model.h"
#include "generation/local_chat_model.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"
#include "tests/generation/made_library.h"
#include "tests/temporary_folder.h"

namespace saseo::eval {
namespace {

ContestantSpec extractive(const std::string& name, std::size_t max_steps) {
  ContestantSpec spec;
  spec.stored = {name, "", name, std::nullopt};
  spec.search.answering.refusal.threshold = 0;
  spec.search.description = "the same";
  spec.open = [max_steps](std::stop_token) -> Result<std::unique_ptr<LanguageModel>> {
    SelectionOptions selection;
    selection.max_steps = max_steps;
    return make_extractive_model(selection);
  };
  return spec;
}

TEST(JudgeThroughTheEngine, AModelThatWritesNonsenseIsHeldToItsVerdicts) {
  const MadeLibrary library(std::vector<MadeLibrary::Manual>{{"k3.md", kPhoneManual}});
  ASSERT_TRUE(library.made());
  const TemporaryFolder folder;
  RunStore run = RunStore::open_to_write(folder / "a.run").value();
  std::vector<Question> questions;
  for (const char* text : {"무선 충전하는 방법을 알려 주세요", "휴대전화의 무게는 얼마인가요?"}) {
    questions.emplace_back();
    questions.back().id = "q" + std::to_string(questions.size());
    questions.back().text = text;
    questions.back().language = Language::kKorean;
  }
  const std::vector<ContestantSpec> contestants = {
      extractive("steps", SelectionOptions().max_steps), extractive("sentences", 0)};
  ASSERT_TRUE(run_questions(run, questions, contestants, library.folder(), {}, {}).ok());

  JudgeSpec judge;
  judge.name = "nonsense";
  judge.identity = "1";
  judge.max_tokens = 12;
  judge.open = [](std::stop_token) -> Result<OpenJudge> {
    Model model = random_model({.layers = 1, .vocab = 512});
    model.config.context = 8192;
    model.vocabulary = small_vocabulary();
    OpenJudge opened;
    SASEO_ASSIGN_OR_RETURN(opened.model, make_local_chat_model(std::move(model), {.threads = 1}));
    return opened;
  };
  const std::vector<ContestantPair> pairs = {{"steps", "sentences"}};
  const Result<JudgeReport> report = judge_answers(run, pairs, judge, {}, {});
  ASSERT_TRUE(report.ok()) << report.error().message.english;
  EXPECT_EQ(report->failed, 0U);
  EXPECT_GE(report->computed, 2U) << "the procedure is told whole by one alone";
  EXPECT_EQ(report->malformed, report->computed);
  EXPECT_EQ(report->computed / 2 + report->settled, 2U);

  const Evaluation evaluated = evaluate(run).value();
  ASSERT_TRUE(evaluated.judge.has_value());
  EXPECT_EQ(evaluated.judge->pairs, 2U);
  EXPECT_EQ(evaluated.judge->missing, 0U);
  for (const QuestionOutcome& outcome : evaluated.outcomes)
    EXPECT_EQ(outcome.values.at("steps").at("judge-wins") +
                  outcome.values.at("sentences").at("judge-wins"),
              1);
  EXPECT_EQ(judge_answers(run, pairs, judge, {}, {})->reused, report->computed);
}

}  // namespace
}  // namespace saseo::eval
