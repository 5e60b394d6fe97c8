#include "eval/run/runner.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "eval/records/recording.h"
#include "eval/run/echo_baseline.h"
#include "generation/chat_language_model.h"
#include "tests/generation/made_library.h"
#include "tests/generation/scripted_chat_model.h"
#include "tests/temporary_folder.h"

namespace saseo::eval {
namespace {

Question asked(const std::string& id, const std::string& text) {
  Question question;
  question.id = id;
  question.text = text;
  question.language = Language::kKorean;
  return question;
}

const std::vector<Question> kQuestions = {asked("q1", "무선 충전하는 방법을 알려 주세요"),
                                          asked("q2", "지문은 몇 개까지 등록할 수 있나요?"),
                                          asked("q3", "휴대전화의 무게는 얼마인가요?"),
                                          asked("q4", "E-21 오류는 무슨 뜻인가요?")};

SearchSettings settings(std::size_t tokens = 2000) {
  SearchSettings search;
  search.answering.refusal.threshold = 0;
  search.answering.context.token_budget = tokens;
  search.description = "tokens " + std::to_string(tokens);
  return search;
}

// Counts what is asked of the model; fails, or stops the run, where told.
struct Watch {
  std::size_t opened = 0, asked = 0;
  std::string fail_on;  // A part of the question.
  std::size_t stop_after = SIZE_MAX;
  std::stop_source stop;
};

class WatchedModel : public LanguageModel {
 public:
  explicit WatchedModel(Watch& watch) : watch_(watch), inner_(make_extractive_model()) {}
  std::string_view name() const override { return "watched"; }
  Result<Generated> generate(const AnswerRequest& request, const Library& library,
                             const TextSink& sink, std::stop_token stop) override {
    if (++watch_.asked > watch_.stop_after) watch_.stop.request_stop();
    if (!watch_.fail_on.empty() && request.question.find(watch_.fail_on) != std::string::npos)
      return Error{ErrorCode::kLimit, untranslated("too long for the model")};
    return inner_->generate(request, library, sink, stop);
  }

 private:
  Watch& watch_;
  std::unique_ptr<LanguageModel> inner_;
};

ContestantSpec contestant(const std::string& name, Watch& watch,
                          const std::string& identity = "1") {
  ContestantSpec spec;
  spec.stored = {name, "a model", identity, 1000.0};
  spec.search = settings();
  spec.open = [&watch](std::stop_token) -> Result<std::unique_ptr<LanguageModel>> {
    ++watch.opened;
    return std::unique_ptr<LanguageModel>(std::make_unique<WatchedModel>(watch));
  };
  return spec;
}

class RunnerTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(made_.made()); }

  RunStore open() {
    Result<RunStore> run = RunStore::open_to_write(folder_ / "a.run");
    EXPECT_TRUE(run.ok()) << run.error().message.english;
    return std::move(run).value();
  }
  RunReport run(RunStore& store, const std::vector<ContestantSpec>& contestants) {
    const Result<RunReport> report =
        run_questions(store, questions_, contestants, made_.folder(), {}, {});
    EXPECT_TRUE(report.ok()) << report.error().message.english;
    return report.ok() ? *report : RunReport{};
  }
  static std::vector<std::string> texts(const RunStore& store) {
    std::vector<std::string> out;
    for (const RecordedAnswer& answer : store.answers().value())
      out.push_back(answer.contestant + " " + answer.question_id + " " + answer.text);
    return out;
  }

  MadeLibrary made_{std::vector<MadeLibrary::Manual>{{"k3.md", kPhoneManual}}};
  TemporaryFolder folder_;
  std::vector<Question> questions_ = kQuestions;
};

TEST_F(RunnerTest, RecordsAnswersWithPassagesCitationsAndTimes) {
  Watch watch;
  RunStore store = open();
  const RunReport report = run(store, {contestant("a", watch)});
  EXPECT_EQ(report.computed, 4U);
  const RecordedAnswer answer = store.answer("q1", "a").value().value();
  EXPECT_FALSE(answer.refused);
  ASSERT_FALSE(answer.citations.empty());
  EXPECT_EQ(answer.citations[0].heading_path, (std::vector<std::string>{"충전", "무선 충전하기"}));
  EXPECT_EQ(answer.citations[0].file, "k3.md");
  EXPECT_EQ(answer.plain_text.find('['), std::string::npos);
  EXPECT_FALSE(answer.hits.empty());
  ASSERT_FALSE(answer.passages.empty());
  EXPECT_EQ(answer.passages[0].number, 1);
  EXPECT_GT(answer.cost.total_seconds.value_or(0), 0);
  EXPECT_GT(answer.cost.peak_memory_bytes.value_or(0), 1e6);
}

TEST_F(RunnerTest, ComputesNothingThatIsThere) {
  Watch watch;
  RunStore store = open();
  run(store, {contestant("a", watch)});
  const RunReport again = run(store, {contestant("a", watch)});
  EXPECT_EQ(again.computed, 0U);
  EXPECT_EQ(again.reused, 4U);
  EXPECT_EQ(watch.asked, 4U);
  EXPECT_EQ(watch.opened, 1U) << "a model that has nothing to answer is not loaded";
}

TEST_F(RunnerTest, AnotherModelOrSettingAnswersAnew) {
  Watch watch;
  RunStore store = open();
  run(store, {contestant("a", watch)});
  EXPECT_EQ(run(store, {contestant("a", watch, "2")}).computed, 4U);
  ContestantSpec other = contestant("a", watch, "2");
  other.search = settings(300);
  EXPECT_EQ(run(store, {other}).computed, 4U);
}

TEST_F(RunnerTest, GoesOnWhereItWasStoppedAndEndsTheSame) {
  Watch whole;
  std::vector<std::string> expected;
  {
    RunStore store = RunStore::open_to_write(folder_ / "whole.run").value();
    run(store, {contestant("a", whole), contestant("b", whole)});
    expected = texts(store);
  }
  for (std::size_t after = 0; after < 8; ++after) {
    Watch watch;
    watch.stop_after = after;
    RunStore store = open();
    const std::vector<ContestantSpec> both = {contestant("a", watch, std::to_string(after)),
                                              contestant("b", watch, std::to_string(after))};
    const Result<RunReport> stopped =
        run_questions(store, questions_, both, made_.folder(), {}, watch.stop.get_token());
    ASSERT_FALSE(stopped.ok());
    EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
    watch.stop_after = SIZE_MAX;
    EXPECT_EQ(run(store, both).computed, 8 - after);
    EXPECT_EQ(texts(store), expected);
  }
}

TEST_F(RunnerTest, AFailureIsRecordedAndTriedAgain) {
  Watch watch;
  watch.fail_on = "무게";
  RunStore store = open();
  const RunReport report = run(store, {contestant("a", watch)});
  EXPECT_EQ(report.failed, 1U);
  EXPECT_EQ(store.answer("q3", "a").value()->error, untranslated("too long for the model"));
  EXPECT_FALSE(store.answer("q4", "a").value()->error.has_value());
  watch.fail_on.clear();
  const RunReport again = run(store, {contestant("a", watch)});
  EXPECT_EQ(again.computed, 1U);
  EXPECT_EQ(again.failed, 0U);
}

TEST_F(RunnerTest, AFailureInAnEarlierTurnIsTheFollowUpsOwn) {
  Watch watch;
  watch.fail_on = "무게";
  questions_[3].history = {{"휴대전화의 무게는 얼마인가요?", ""}};
  RunStore store = open();
  const RunReport report = run(store, {contestant("a", watch)});
  EXPECT_EQ(report.failed, 2U);
  EXPECT_EQ(store.answer("q4", "a").value()->error, untranslated("too long for the model"));
}

TEST_F(RunnerTest, AChangedChunkIsAnsweredAnewByThoseWhoSeeIt) {
  Watch watch;
  std::vector<ContestantSpec> narrow = {contestant("a", watch)};
  // One passage each, so that a question sees its own section alone.
  narrow[0].search.answering.context.max_passages = 1;
  narrow[0].search.description = "one passage";
  RunStore store = open();
  run(store, narrow);
  std::string text = kPhoneManual;
  const std::string before = "최대 4개까지", after = "최대 5개까지";
  text.replace(text.find(before), before.size(), after);
  std::ofstream(made_.folder().parent_path() / "manuals" / "k3.md") << text;
  {
    LibraryWriter writer = LibraryWriter::open(made_.folder()).value();
    const auto files = find_files({made_.folder().parent_path() / "manuals"}, {}, {}).value();
    ASSERT_TRUE(ingest_files(writer, files, {}, {}, {}).ok());
  }
  const RunReport report = run(store, narrow);
  EXPECT_EQ(report.computed, 1U);
  EXPECT_EQ(report.reused, 3U);
  EXPECT_NE(store.answer("q2", "a").value()->text.find("5개"), std::string::npos);
}

TEST_F(RunnerTest, AFollowUpIsAskedAfterTheSameModelsAnswer) {
  ScriptedChat said;
  said.replies = {"무게는 189 g입니다. [1]", "휴대전화의 지문은 몇 개까지 등록하나요?",
                  "지문은 최대 4개까지 등록할 수 있습니다. [1]"};
  ContestantSpec spec;
  spec.stored = {"chat", "scripted", "1", std::nullopt};
  spec.search = settings();
  spec.open = [&](std::stop_token) -> Result<std::unique_ptr<LanguageModel>> {
    return make_chat_language_model(std::make_unique<ScriptedChatModel>(said));
  };
  questions_ = {asked("q3", "휴대전화의 무게는 얼마인가요?"), asked("q5", "그럼 지문은요?")};
  questions_[1].history = {{questions_[0].text, ""}};
  RunStore store = open();
  run(store, {spec});
  EXPECT_EQ(said.prompts.size(), 3U) << "the first question is not asked a second time";
  const RecordedAnswer answer = store.answer("q5", "chat").value().value();
  EXPECT_FALSE(answer.prompt.empty());
  EXPECT_NE(answer.prompt.find("189 g"), std::string::npos) << answer.prompt;
  EXPECT_EQ(run(store, {spec}).computed, 0U);
  EXPECT_EQ(said.prompts.size(), 3U) << "nor is the follow-up worded anew";
}

TEST_F(RunnerTest, TheSearchAloneCanBeMeasured) {
  ContestantSpec spec;
  spec.stored = {"search", "", "1", std::nullopt};
  spec.search = settings();
  RunStore store = open();
  EXPECT_EQ(run(store, {spec}).computed, 4U);
  const RecordedAnswer answer = store.answer("q2", "search").value().value();
  EXPECT_TRUE(answer.searched_only);
  EXPECT_TRUE(answer.text.empty());
  EXPECT_FALSE(answer.hits.empty());
}

TEST_F(RunnerTest, TheBaselineSaysThePassageThatWasFoundFirst) {
  ContestantSpec spec;
  spec.stored = {std::string(kEchoBaseline), "", "1", std::nullopt};
  spec.search = settings();
  spec.open = [](std::stop_token) -> Result<std::unique_ptr<LanguageModel>> {
    return make_echo_model();
  };
  RunStore store = open();
  run(store, {spec});
  const RecordedAnswer answer = store.answer("q2", spec.stored.name).value().value();
  ASSERT_FALSE(answer.passages.empty());
  EXPECT_EQ(answer.plain_text, answer.passages[0].text + "\n");
  ASSERT_EQ(answer.citations.size(), 1U);
  EXPECT_EQ(answer.citations[0].heading_path, answer.passages[0].heading_path);
}

TEST_F(RunnerTest, AModelThatCannotBeOpenedEndsTheRunByName) {
  ContestantSpec spec;
  spec.stored = {"gone", "", "1", std::nullopt};
  spec.search = settings();
  spec.open = [](std::stop_token) -> Result<std::unique_ptr<LanguageModel>> {
    return Error{ErrorCode::kNotFound, untranslated("no such file")};
  };
  RunStore store = open();
  const Result<RunReport> report =
      run_questions(store, questions_, std::vector{spec}, made_.folder(), {}, {});
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().message.english, "gone: no such file");
}

TEST(WithoutCitations, LeavesOutNumbersOfPassagesAndNothingElse) {
  EXPECT_EQ(without_citations("1. 켜세요. [1]\n2. 끄세요. [1] [12]\n"), "1. 켜세요.\n2. 끄세요.\n");
  EXPECT_EQ(without_citations("아마도. [?] [3]"), "아마도.");
  EXPECT_EQ(without_citations("[설정] > [A1], a[i], [12345]"), "[설정] > [A1], a[i], [12345]");
  EXPECT_EQ(without_citations("[1"), "[1");
}

}  // namespace
}  // namespace saseo::eval
