// The metrics on the questions of corpora/ with their own reference answers.
#include <gtest/gtest.h>

#include <filesystem>

#include "eval/metrics/answer_metrics.h"
#include "eval/questions/question_set_readers.h"

namespace saseo::eval {
namespace {

TEST(Corpora, TheirOwnReferencesScoreFull) {
  Analyzer analyzer;
  double scored = 0, facts = 0;
  for (const auto& folder : std::filesystem::directory_iterator(SASEO_CORPORA)) {
    const std::filesystem::path file = folder.path() / "questions.jsonl";
    if (!std::filesystem::exists(file)) continue;
    const Result<QuestionSet> set = read_question_set(file);
    ASSERT_TRUE(set) << set.error().message.english;
    for (const Question& question : set->questions) {
      if (question.unanswerable || question.references.empty() || question.facts.empty()) continue;
      const AnswerScores scores = score_answer(question, question.references.front(), false,
                                               question.language, {&analyzer, nullptr});
      for (const auto& [name, value] : scores.values) {
        const bool points = name == "bleu" || name == "chrf";
        // One word has no pairs.
        if (name == "facts" || name.starts_with("rouge-2")) continue;
        EXPECT_NEAR(value, points ? 100 : 1, 1e-6) << question.id << ' ' << name;
      }
      ++scored;
      facts += scores.values.at("facts");
    }
  }
  EXPECT_GT(scored, 60);
  EXPECT_GT(facts / scored, 0.98);  // A reference may say a fact in words that are no spelling.
}

}  // namespace
}  // namespace saseo::eval
