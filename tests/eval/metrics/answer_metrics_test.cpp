#include "eval/metrics/answer_metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "eval/metrics/embedding_similarity.h"

namespace saseo::eval {
namespace {

// Counts letters: texts of the same letters have cosine 1.
class LetterEmbedder : public Embedder {
 public:
  std::string_view name() const override { return "letters"; }
  std::size_t dims() const override { return 256; }
  Result<std::vector<float>> embed_query(std::string_view question) override {
    const PassageText passage = {"", question};
    return embed_passages({&passage, 1});
  }
  Result<std::vector<float>> embed_passages(std::span<const PassageText> passages) override {
    std::vector<float> vectors(passages.size() * dims());
    for (std::size_t i = 0; i < passages.size(); ++i) {
      if (passages[i].body == "broken")
        return Error{ErrorCode::kIo, untranslated("the embedder is broken")};
      const std::span<float> vector = std::span(vectors).subspan(i * dims(), dims());
      for (const char c : passages[i].body) ++vector[static_cast<unsigned char>(c)];
      normalize(vector);
    }
    return vectors;
  }
};

Question korean_question() {
  Question question;
  question.id = "q1";
  question.type = "how-to";
  question.language = Language::kKorean;
  question.references = {"전원을 끄고 10초 기다립니다. 그다음 배터리를 뺍니다."};
  question.facts = {{"10초"}, {"배터리를 뺍", "배터리를 빼"}};
  return question;
}

std::set<std::string> names_of(const AnswerScores& scores) {
  std::set<std::string> names;
  for (const auto& [name, value] : scores.values) names.insert(name);
  return names;
}

TEST(AnswerMetrics, OfTheReferenceItselfAreFull) {
  Analyzer analyzer;
  LetterEmbedder embedder;
  const Question question = korean_question();
  const AnswerScores scores = score_answer(question, question.references[0], false,
                                           Language::kKorean, {&analyzer, &embedder});
  for (const auto& [name, value] : scores.values) {
    EXPECT_NEAR(value, name == "bleu" || name == "chrf" ? 100 : 1, 1e-6) << name;
  }
  EXPECT_TRUE(scores.values.contains("step-order"));
  EXPECT_TRUE(scores.values.contains("quantities"));
  EXPECT_TRUE(scores.values.contains("rouge-l"));
}

TEST(AnswerMetrics, AreEachDefinedOnce) {
  std::set<std::string> defined;
  for (const MetricDefinition& definition : answer_metric_definitions()) {
    EXPECT_TRUE(defined.insert(definition.name).second) << definition.name;
    EXPECT_FALSE(definition.label_en.empty() || definition.label_ko.empty());
  }
  Analyzer analyzer;
  LetterEmbedder embedder;
  const AnswerScores scores =
      score_answer(korean_question(), "10초", false, Language::kKorean, {&analyzer, &embedder});
  const std::set<std::string> used = names_of(scores);
  EXPECT_TRUE(std::ranges::includes(defined, used));
  EXPECT_EQ(defined.size() - used.size(), 1u);  // step-order: one step found at most.
}

TEST(AnswerMetrics, OfARefusalAreNought) {
  Analyzer analyzer;
  LetterEmbedder embedder;
  const AnswerScores scores = score_answer(korean_question(), "10초 — 설명서에 없습니다.", true,
                                           Language::kKorean, {&analyzer, &embedder});
  EXPECT_GE(scores.values.size(), 15u);
  for (const auto& [name, value] : scores.values) EXPECT_EQ(value, 0) << name;
  EXPECT_EQ(scores.bleu->answer_length, 0u);
  EXPECT_GT(scores.bleu->reference_length, 0u);
}

TEST(AnswerMetrics, AreAbsentWhereTheQuestionLacksWhatTheyNeed) {
  Analyzer analyzer;
  Question question = korean_question();
  question.references.clear();
  EXPECT_EQ(
      names_of(score_answer(question, "10초", false, Language::kKorean, {&analyzer, nullptr})),
      std::set<std::string>{"facts"});
  question.unanswerable = true;
  EXPECT_TRUE(score_answer(question, "10초", false, Language::kKorean, {}).values.empty());

  question = korean_question();
  question.references = {"지원합니다."};
  question.facts.clear();
  const AnswerScores scores = score_answer(question, "네", false, Language::kKorean, {});
  EXPECT_FALSE(scores.values.contains("facts"));
  EXPECT_FALSE(scores.values.contains("quantities"));
  EXPECT_FALSE(scores.values.contains("step-completeness"));
  EXPECT_FALSE(scores.values.contains("embedding-similarity"));
  EXPECT_FALSE(scores.values.contains("rouge-l"));  // Needs the analyzer.
  EXPECT_TRUE(scores.values.contains("rouge-l-characters"));
}

TEST(AnswerMetrics, CompareDecomposedHangulWithComposed) {
  Question question;
  question.references = {"\u110E\u116E\u11BC\u110C\u1165\u11AB"};
  EXPECT_EQ(score_answer(question, "충전", false, Language::kKorean, {}).values.at("exact-match"),
            1);
}

TEST(AnswerMetrics, OfEnglishUseWordsAndPorterStems) {
  Question question;
  question.references = {"Charge the battery"};
  const AnswerScores scores =
      score_answer(question, "charging batteries", false, Language::kEnglish, {});
  EXPECT_EQ(scores.values.at("f1"), 0);
  EXPECT_NEAR(scores.values.at("rouge-1"), 0.8, 1e-9);
  EXPECT_EQ(answer_metric_signatures(Language::kEnglish, 1).at("bleu"),
            "nrefs:1|case:mixed|eff:yes|tok:13a|smooth:exp|version:2.6.0+saseo");
}

TEST(AnswerMetrics, SurviveHostileAnswers) {
  Analyzer analyzer;
  Question question = korean_question();
  std::string noise;
  for (int i = 0; i < 1'000'000; ++i) noise.push_back(static_cast<char>(i * 37 % 256));
  for (const std::string& answer : {noise, std::string(1'000'000, '1'), std::string(1'000'000, ' '),
                                    std::string("\xED\x95"), std::string(3, '\0')}) {
    const AnswerScores scores =
        score_answer(question, answer, false, Language::kKorean, {&analyzer, nullptr});
    for (const auto& [name, value] : scores.values) EXPECT_TRUE(std::isfinite(value)) << name;
  }
}

TEST(EmbeddingSimilarity, IsTheLargestCosineOverReferences) {
  LetterEmbedder embedder;
  EXPECT_NEAR(embedding_similarity("abc", std::vector<std::string>{"x", "cba"}, embedder)->value(),
              1, 1e-6);
  EXPECT_NEAR(embedding_similarity("ab", std::vector<std::string>{"a"}, embedder)->value(),
              std::sqrt(0.5), 1e-6);
  EXPECT_EQ(embedding_similarity("", std::vector<std::string>{"a"}, embedder)->value(), 0);
  EXPECT_FALSE(embedding_similarity("a", {}, embedder)->has_value());
}

TEST(EmbeddingSimilarity, OfABrokenEmbedderIsAbsentWithTheReason) {
  LetterEmbedder embedder;
  Question question;
  question.references = {"broken"};
  const AnswerScores scores =
      score_answer(question, "a", false, Language::kEnglish, {nullptr, &embedder});
  EXPECT_FALSE(scores.values.contains("embedding-similarity"));
  EXPECT_EQ(scores.embedding_error->message.english, "the embedder is broken");
  EXPECT_TRUE(scores.values.contains("f1"));
}

}  // namespace
}  // namespace saseo::eval
