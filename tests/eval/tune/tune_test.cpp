#include "eval/tune/tune.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <stop_token>

#include "tests/generation/made_library.h"

namespace saseo::eval {
namespace {

Question asked(const std::string& text, const std::string& fact, const std::string& split = "") {
  Question question;
  question.id = text;
  question.text = text;
  question.split = split;
  question.language = Language::kKorean;
  if (fact.empty()) {
    question.unanswerable = true;
  } else {
    question.facts = {{fact}};
  }
  return question;
}

std::vector<Question> questions_about_the_phone() {
  return {asked("무선 충전하는 방법 알려 주세요", "뒷면 가운데", "dev"),
          asked("지문은 몇 개까지 등록할 수 있나요?", "4개", "dev"),
          asked("오류 코드 E-21은 무슨 뜻이에요?", "물기", "dev"),
          asked("라디오 주파수는 어떻게 맞추나요?", "", "dev"),
          asked("고속 충전 최대 출력은 몇 와트인가요?", "25 W", "test"),
          asked("제품 무게가 얼마예요?", "189 g", "test"),
          asked("수심 몇 미터까지 견디나요?", "1.5 m", "test"),
          asked("프린터 용지는 어디에 넣나요?", "", "test")};
}

class TuneTest : public ::testing::Test {
 protected:
  Result<Tuning> tuned(const AnswerSettings& present, const TuneOptions& options) {
    return tune(questions_, library_.folder(), present, options, {}, {});
  }
  MadeLibrary library_{std::vector<MadeLibrary::Manual>{{"phone.md", kPhoneManual}}};
  std::vector<Question> questions_ = questions_about_the_phone();
};

// Everything is refused at first: the tuner must see that a lower threshold answers.
AnswerSettings refusing_all() {
  AnswerSettings settings;
  settings.answering.refusal.threshold = 1;
  return settings;
}

TEST_F(TuneTest, FindsAThresholdThatIsPlantedWrong) {
  const Result<Tuning> tuning = tuned(refusing_all(), {});
  ASSERT_TRUE(tuning.ok()) << tuning.error().message.english;
  EXPECT_DOUBLE_EQ(tuning->present_tuning.score, 0.25);  // Right refusals alone.
  EXPECT_DOUBLE_EQ(tuning->present_tuning.answered, 0);
  EXPECT_LT(tuning->winner.answering.refusal.threshold, 0.9f);
  EXPECT_GT(tuning->winner_tuning.score, 0.7);
  EXPECT_GT(tuning->winner_held_out.score, tuning->present_held_out.score);
  EXPECT_NEAR(tuning->held_out_gain.score,
              tuning->winner_held_out.score - tuning->present_held_out.score, 1e-12);
  EXPECT_TRUE(tuning->changed());
  bool taken = false;
  for (const TuneTrial& trial : tuning->trials)
    taken = taken || (trial.taken && trial.name == "threshold");
  EXPECT_TRUE(taken);
}

TEST_F(TuneTest, TheSameSeedHasTheSameTrialsAndWinner) {
  TuneOptions options;
  options.trials = 15;
  options.seed = 7;
  const Result<Tuning> first = tuned(refusing_all(), options);
  const Result<Tuning> second = tuned(refusing_all(), options);
  ASSERT_TRUE(first.ok() && second.ok());
  ASSERT_EQ(first->trials.size(), second->trials.size());
  for (std::size_t i = 0; i < first->trials.size(); ++i) {
    EXPECT_EQ(first->trials[i].name, second->trials[i].name);
    EXPECT_EQ(first->trials[i].value, second->trials[i].value);
    EXPECT_EQ(first->trials[i].figures.score, second->trials[i].figures.score);
  }
  EXPECT_EQ(search_words(first->winner.ranking, first->winner.answering),
            search_words(second->winner.ranking, second->winner.answering));
  EXPECT_EQ(first->held_out_gain.score_interval.low, second->held_out_gain.score_interval.low);
}

TEST_F(TuneTest, TriesNoMoreThanItMay) {
  TuneOptions options;
  options.trials = 4;
  const Result<Tuning> tuning = tuned(refusing_all(), options);
  ASSERT_TRUE(tuning.ok());
  EXPECT_EQ(tuning->trials.size(), 4u);
  EXPECT_FALSE(tuning->finished);
}

TEST_F(TuneTest, TellsWhenNothingIsBetter) {
  AnswerSettings settings;
  for (Question& question : questions_) question.facts = {{"마이크로미터"}};  // Nobody says so.
  const Result<Tuning> tuning = tuned(settings, {});
  ASSERT_TRUE(tuning.ok()) << tuning.error().message.english;
  EXPECT_FALSE(tuning->changed());
  EXPECT_FALSE(tuning->shows_gain());
  EXPECT_TRUE(tuning->finished);
}

TEST_F(TuneTest, WithoutUnanswerableQuestionsTheThresholdStays) {
  std::erase_if(questions_, [](const Question& question) { return question.unanswerable; });
  const Result<Tuning> tuning = tuned(refusing_all(), {});
  ASSERT_TRUE(tuning.ok()) << tuning.error().message.english;
  EXPECT_EQ(tuning->winner.answering.refusal.threshold, 1.0f);
  for (const TuneTrial& trial : tuning->trials) EXPECT_NE(trial.name, "threshold");
  EXPECT_EQ(tuning->notes.size(), 1u);
}

TEST_F(TuneTest, AManualThatIsGoneLeavesTheSizeOfChunksAlone) {
  std::filesystem::remove(Library::open(library_.folder())->documents()->front().path);
  const Result<Tuning> tuning = tuned(refusing_all(), {});
  ASSERT_TRUE(tuning.ok()) << tuning.error().message.english;
  for (const TuneTrial& trial : tuning->trials) EXPECT_NE(trial.name, "chunk_tokens");
  ASSERT_EQ(tuning->notes.size(), 1u);
  EXPECT_NE(tuning->notes.front().message.english.find("size of chunks"), std::string::npos);
}

TEST_F(TuneTest, QuestionsWithNothingToJudgeByAreAnError) {
  for (Question& question : questions_) {
    question.facts.clear();
    question.unanswerable = false;
  }
  const Result<Tuning> tuning = tuned({}, {});
  ASSERT_FALSE(tuning.ok());
  EXPECT_EQ(tuning.error().code, ErrorCode::kBadInput);
}

TEST_F(TuneTest, StopsWhenAskedTo) {
  std::stop_source stop;
  std::size_t told = 0;
  const Result<Tuning> tuning = tune(
      questions_, library_.folder(), {}, {},
      [&](const TuneProgress& progress) {
        if (progress.trial == 2) stop.request_stop();
        ++told;
      },
      stop.get_token());
  ASSERT_FALSE(tuning.ok());
  EXPECT_EQ(tuning.error().code, ErrorCode::kCancelled);
  EXPECT_GT(told, 4u);
}

}  // namespace
}  // namespace saseo::eval
