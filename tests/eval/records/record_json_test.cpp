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

TEST(RecordJson, SaysWhereItIsDamaged) {
  EXPECT_EQ(answer_from_json(R"({"passages": [{"first_page": 1e99}]})").error().message,
            "an answer of the run cannot be read: passages[0].first_page: small whole number "
            "expected");
  EXPECT_EQ(question_from_json(R"({"facts": "x"})").error().message,
            "a question of the run cannot be read: facts: array expected");
  EXPECT_EQ(question_from_json("[").error().code, ErrorCode::kDamaged);
  EXPECT_EQ(answer_from_json("").error().code, ErrorCode::kDamaged);
}

}  // namespace
}  // namespace saseo::eval
