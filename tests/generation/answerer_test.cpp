#include "generation/answerer.h"

#include "tests/generation/made_library.h"

namespace saseo {
namespace {

class AnswererTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    library_ = std::make_unique<MadeLibrary>(std::vector<MadeLibrary::Manual>{
        {"phone.md", kPhoneManual}, {"cleaner.md", kCleanerManual}});
  }
  static void TearDownTestSuite() { library_.reset(); }
  void SetUp() override { ASSERT_TRUE(library_->made()); }

  static std::unique_ptr<MadeLibrary> library_;
};
std::unique_ptr<MadeLibrary> AnswererTest::library_;

TEST_F(AnswererTest, KeepsToTheProductThatTheQuestionNames) {
  Asker asker = library_->asker();
  const Answer cleaner = ask(asker, "온새봇에 E-33이 떠요");
  EXPECT_NE(cleaner.text.find("배터리 과열"), std::string::npos) << cleaner.text;
  asker.reset();
  const Answer phone = ask(asker, "온새폰에 E-33이 떠요");
  EXPECT_NE(phone.text.find("배터리가 부풀었음"), std::string::npos) << phone.text;
  for (const Answer* answer : {&cleaner, &phone}) {
    for (const Citation& citation : answer->citations) {
      EXPECT_EQ(citation.info.product, answer->product.product);
    }
  }
}

TEST_F(AnswererTest, TakesAWordForTheDeviceForItsProduct) {
  Asker asker = library_->asker();
  const Answer answer = ask(asker, "청소기에 E-21이 떠요");
  EXPECT_EQ(answer.product.product, "온새봇 C7");
  EXPECT_NE(answer.text.find("브러시가 걸림"), std::string::npos) << answer.text;
}

TEST_F(AnswererTest, GivesEachProductItsOwnPartWhenSeveralFitEqually) {
  Asker asker = library_->asker();
  const Answer answer = ask(asker, "E-33");
  EXPECT_TRUE(answer.found);
  EXPECT_EQ(answer.product.decision, ProductDecision::kAmbiguous);
  const std::size_t phone = answer.text.find("■ 온새폰 K3\n");
  const std::size_t cleaner = answer.text.find("■ 온새봇 C7\n");
  ASSERT_NE(phone, std::string::npos) << answer.text;
  ASSERT_NE(cleaner, std::string::npos) << answer.text;
  const std::size_t swollen = answer.text.find("배터리가 부풀었음");
  const std::size_t overheated = answer.text.find("배터리 과열");
  ASSERT_NE(swollen, std::string::npos) << answer.text;
  ASSERT_NE(overheated, std::string::npos) << answer.text;
  EXPECT_EQ(phone < cleaner, swollen < overheated) << answer.text;
  EXPECT_TRUE(std::max(phone, cleaner) > std::min(swollen, overheated)) << answer.text;
}

TEST_F(AnswererTest, NamesNoProductAboveAnAnswerFromOneManual) {
  Asker asker = library_->asker();
  EXPECT_EQ(ask(asker, "온새봇 E-33").text.find("■"), std::string::npos);
}

TEST_F(AnswererTest, KeepsTheProductOfTheConversation) {
  Asker asker = library_->asker();
  ask(asker, "온새봇에 E-21이 떠요");
  const Answer answer = ask(asker, "그럼 E-33은?");
  EXPECT_NE(answer.text.find("배터리 과열"), std::string::npos) << answer.text;
  EXPECT_EQ(answer.question, "온새봇에 E-33이 떠요");
  EXPECT_EQ(asker.conversation().turns.size(), 2u);
  asker.reset();
  EXPECT_TRUE(asker.conversation().turns.empty());
}

TEST_F(AnswererTest, FollowsAFilter) {
  Asker asker = library_->asker();
  const Result<Answer> answer =
      asker.answer({.text = "무게가 얼마나 나가요?", .filter = {.product = "온새봇 C7"}}, {});
  ASSERT_TRUE(answer.ok());
  EXPECT_NE(answer->text.find("3.9 kg"), std::string::npos) << answer->text;
  EXPECT_EQ(answer->product.decision, ProductDecision::kFiltered);
}

TEST_F(AnswererTest, SaysThatTheManualsAreSilentInTheQuestionsLanguage) {
  Asker asker = library_->asker(0.999f);
  std::string streamed;
  const Result<Answer> korean = asker.answer({.text = "온새폰으로 라디오를 들을 수 있나요?"},
                                             [&](std::string_view piece) { streamed += piece; });
  ASSERT_TRUE(korean.ok());
  EXPECT_FALSE(korean->found);
  EXPECT_TRUE(korean->citations.empty());
  EXPECT_TRUE(korean->text.starts_with("설명서에서 답을 찾지 못했습니다.")) << korean->text;
  EXPECT_EQ(streamed, korean->text);
  asker.reset();
  const Answer english = ask(asker, "Does the K3 have a radio?");
  EXPECT_TRUE(english.text.starts_with("I did not find an answer")) << english.text;
  asker.reset();
  const Answer other = ask(asker, "充電するにはどうすればいいですか");
  EXPECT_NE(other.text.find("한국어나 영어로"), std::string::npos) << other.text;
  EXPECT_NE(other.text.find("Korean or English"), std::string::npos) << other.text;
}

TEST_F(AnswererTest, RefusesEmptyQuestionsWithAnError) {
  Asker asker = library_->asker();
  EXPECT_FALSE(asker.answer({.text = "  "}, {}).ok());
  EXPECT_FALSE(asker.answer({.text = "\xff\xfe"}, {}).ok());
  EXPECT_TRUE(asker.conversation().turns.empty());
}

TEST_F(AnswererTest, ReportsItsTimes) {
  Asker asker = library_->asker();
  const Answer answer = ask(asker, "무선 충전하는 방법");
  EXPECT_GT(answer.timings.total_ms, 0);
  EXPECT_GT(answer.timings.first_text_ms, 0);
  EXPECT_LE(answer.timings.first_text_ms, answer.timings.total_ms);
  EXPECT_EQ(answer.model, "extractive");
}

}  // namespace
}  // namespace saseo
