#include "eval/records/record_json.h"

#include <gtest/gtest.h>

#include "tests/eval/made_evaluation.h"

namespace saseo::eval {
namespace {

TEST(RecordJson, ReadsBackAsItWasWritten) {
  const Evaluation evaluation = made_evaluation({.questions = 10, .hostile = "\x01\"\\\n"});
  for (const QuestionOutcome& outcome : evaluation.outcomes) {
    const std::string question = to_json(outcome.question);
    ASSERT_TRUE(question_from_json(question));
    EXPECT_EQ(to_json(*question_from_json(question)), question);
    for (const auto& [name, answer] : outcome.answers) {
      const std::string text = to_json(answer);
      ASSERT_TRUE(answer_from_json(text));
      EXPECT_EQ(to_json(*answer_from_json(text)), text);
      EXPECT_EQ(answer_from_json(text)->error, answer.error);
    }
  }
}

TEST(RecordJson, TakesFieldsThatAreMissingAsTheyBegin) {
  const Result<RecordedAnswer> answer = answer_from_json(R"({"text": "a", "later": [1]})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->text, "a");
  EXPECT_FALSE(answer->cost.total_seconds);
}

TEST(RecordJson, KeepsBothTextsOfAMessage) {
  RecordedAnswer answer;
  answer.error = message("{} tokens", "{}토큰", 7);
  EXPECT_EQ(answer_from_json(to_json(answer))->error, answer.error);
  EXPECT_NE(to_json(answer).find(R"("error":{"en":"7 tokens","ko":"7토큰"})"), std::string::npos);
}

TEST(RecordJson, ReadsMessagesOfOneTextAsOlderProgramsWroteThem) {
  EXPECT_EQ(answer_from_json(R"({"error": "too long"})")->error, untranslated("too long"));
  EXPECT_EQ(messages_from_json(R"(["조심", {"en": "a", "ko": "b"}])"),
            (std::vector<Message>{untranslated("조심"), {"a", "b"}}));
  EXPECT_TRUE(messages_from_json("").empty());
  EXPECT_FALSE(answer_from_json(R"({"error": {"en": "a"}})").ok());
}

TEST(RecordJson, SaysWhereItIsDamaged) {
  EXPECT_EQ(answer_from_json(R"({"passages": [{"first_page": 1e99}]})").error().message.english,
            "an answer of the run cannot be read: passages[0].first_page: small whole number "
            "expected");
  EXPECT_EQ(question_from_json(R"({"facts": "x"})").error().message.english,
            "a question of the run cannot be read: facts: array expected");
  EXPECT_EQ(question_from_json("[").error().code, ErrorCode::kDamaged);
  EXPECT_EQ(answer_from_json("").error().code, ErrorCode::kDamaged);
}

}  // namespace
}  // namespace saseo::eval
