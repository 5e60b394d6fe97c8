#include "eval/tune/settings_scorer.h"

#include <gtest/gtest.h>

#include "tests/generation/made_library.h"

namespace saseo::eval {
namespace {

Question with_facts() {
  Question question;
  question.text = "지문은 몇 개까지 등록할 수 있나요?";
  question.language = Language::kKorean;
  question.facts = {{"4개"}, {"손톱"}};
  return question;
}

TEST(CreditOf, IsTheShareOfTheFactsThatTheAnswerHolds) {
  RecordedAnswer answer;
  answer.plain_text = "지문은 최대 4개까지 등록할 수 있습니다.";
  EXPECT_EQ(credit_of(with_facts(), answer), 0.5);
  answer.refused = true;
  EXPECT_EQ(credit_of(with_facts(), answer), 0.0);
}

TEST(CreditOf, AGoldSectionCountsWhereThereAreNoFacts) {
  Question question;
  question.gold.push_back({"", {"지문 등록"}, {}});
  RecordedAnswer answer;
  answer.plain_text = "x";
  EXPECT_EQ(credit_of(question, answer), 0.0);
  RecordedCitation citation;
  citation.heading_path = {"지문", "지문 등록"};
  answer.citations.push_back(citation);
  EXPECT_EQ(credit_of(question, answer), 1.0);
}

TEST(CreditOf, AReferenceCountsWhereThereIsNeither) {
  Question question;
  question.language = Language::kEnglish;
  question.references = {"press the power button"};
  RecordedAnswer answer;
  answer.plain_text = "Press the power button.";
  EXPECT_EQ(credit_of(question, answer), 1.0);
}

TEST(CreditOf, ARefusalIsRightWhereTheManualsAreSilent) {
  Question question;
  question.unanswerable = true;
  RecordedAnswer answer;
  EXPECT_EQ(credit_of(question, answer), 0.0);
  answer.refused = true;
  EXPECT_EQ(credit_of(question, answer), 1.0);
}

TEST(CreditOf, AQuestionWithoutAnythingToJudgeByHasNone) {
  EXPECT_FALSE(credit_of(Question(), RecordedAnswer()).has_value());
}

TEST(FiguresOf, WeighBothKindsOfQuestions) {
  const Credits credits = {{1, 0.5, 0, 0.5}, {1, 0}};
  EXPECT_DOUBLE_EQ(figures_of(credits, 0.5).score, 0.5);
  EXPECT_DOUBLE_EQ(figures_of({{1, 1, 0.5}, {0}}, std::nullopt).score, 2.5 / 4);  // Alike.
  EXPECT_DOUBLE_EQ(figures_of({{1, 0.5}, {0}}, 0.2).score, 0.8 * 0.75);
  EXPECT_DOUBLE_EQ(figures_of({{1, 0.5}, {}}, 0.2).score, 0.75);
  EXPECT_DOUBLE_EQ(figures_of({{}, {1, 0}}, 0.2).score, 0.5);
}

TEST(GainOf, IsTheDifferenceOfTheScores) {
  const Credits first = {{1, 0.5, 0, 0.5, 0}, {1, 0, 0}};
  const Credits second = {{1, 1, 0, 0.25, 1}, {0, 1, 1}};
  const ScoreGain gain = gain_of(first, second, 0.3, {.resamples = 500});
  EXPECT_NEAR(gain.score, figures_of(second, 0.3).score - figures_of(first, 0.3).score, 1e-12);
  EXPECT_NEAR(gain.answered, 1.25 / 5, 1e-12);
  EXPECT_NEAR(gain.refused, 1.0 / 3, 1e-12);
  EXPECT_NEAR(gain_of(first, second, std::nullopt, {.resamples = 500}).score, (1.25 + 1) / 8,
              1e-12);
  EXPECT_LT(gain.score_interval.low, gain.score);
  EXPECT_GT(gain.score_interval.high, gain.score);
}

TEST(SettingsScorer, SettingsDecideWhatIsAnswered) {
  const MadeLibrary library(std::vector<MadeLibrary::Manual>{{"phone.md", kPhoneManual}});
  ASSERT_TRUE(library.made());
  Result<RechunkedLibraries> libraries = RechunkedLibraries::open(library.folder(), {});
  ASSERT_TRUE(libraries.ok());
  const std::vector<Question> questions = {with_facts()};
  SettingsScorer scorer(questions, *libraries);
  const std::vector<std::size_t> all = {0};
  AnswerSettings settings;
  settings.answering.refusal.threshold = 0;
  for (const float threshold : {0.0f, 1.0f, 0.0f}) {  // The last from what is kept.
    settings.answering.refusal.threshold = threshold;
    const Result<Credits> credits = scorer.score(settings, all, {}, {});
    ASSERT_TRUE(credits.ok()) << credits.error().message.english;
    EXPECT_EQ(credits->answerable, std::vector<double>{threshold == 0 ? 0.5 : 0.0});
  }
}

TEST(RechunkedLibraries, HasEverySizeOfTheSameManuals) {
  const MadeLibrary made({{"phone.md", kPhoneManual}, {"cleaner.md", kCleanerManual}});
  Result<LibraryWriter> writer = LibraryWriter::open(made.folder());
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE(writer->set_info(DocumentId{1}, InfoField::kProduct, "My phone").ok());
  Result<RechunkedLibraries> libraries = RechunkedLibraries::open(made.folder(), {});
  ASSERT_TRUE(libraries.ok());
  EXPECT_EQ(libraries->present_size(), ChunkOptions().max_tokens);
  EXPECT_TRUE(libraries->files_unchanged().ok());
  EXPECT_EQ(*libraries->of_size(ChunkOptions().max_tokens, {}, {}), made.folder());
  const Result<std::filesystem::path> small = libraries->of_size(20, {}, {});
  ASSERT_TRUE(small.ok()) << small.error().message.english;
  const Result<Library> library = Library::open(*small);
  ASSERT_TRUE(library.ok());
  const auto documents = library->documents();
  ASSERT_EQ(documents->size(), 2u);
  bool carried_over = false;
  for (const StoredDocument& document : *documents) {
    EXPECT_EQ(chunk_tokens_of(document), 20u);
    carried_over = carried_over || document.info.product == "My phone";
  }
  EXPECT_TRUE(carried_over);
  EXPECT_GT(library->stats()->chunks, Library::open(made.folder())->stats()->chunks);
}

TEST(RechunkedLibraries, AFileThatChangedIsTold) {
  const MadeLibrary made(std::vector<MadeLibrary::Manual>{{"phone.md", kPhoneManual}});
  const auto path = Library::open(made.folder())->documents()->front().path;
  Result<RechunkedLibraries> libraries = RechunkedLibraries::open(made.folder(), {});
  ASSERT_TRUE(libraries.ok());
  std::ofstream(path, std::ios::app) << "\n# More\n";
  const Status changed = libraries->files_unchanged();
  ASSERT_FALSE(changed.ok());
  EXPECT_NE(changed.error().message.english.find(path.string()), std::string::npos);
  std::filesystem::remove(path);
  EXPECT_EQ(libraries->files_unchanged().error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(libraries->of_size(20, {}, {}).ok());
}

}  // namespace
}  // namespace saseo::eval
