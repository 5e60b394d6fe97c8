#include "eval/metrics/bleu.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/utf8.h"
#include "tests/eval/reference_cases.h"

namespace saseo::eval {
namespace {

using Texts = std::vector<std::string>;

std::string joined_13a(std::string_view text) {
  std::string out;
  for (const std::u32string& token : tokenize_13a(text))
    out += (out.empty() ? "" : " ") + to_utf8(token);
  return out;
}

BleuCounts counts_of(const Texts& answers, const std::vector<Texts>& references,
                     BleuTokens tokens) {
  BleuCounts sum;
  for (std::size_t i = 0; i < answers.size(); ++i)
    sum += bleu_counts(answers[i], references[i], tokens);
  return sum;
}

TEST(Bleu, OfSingleAnswersEqualsSacreBleuOnTheTableOfCases) {
  for (const ReferenceCase& c : reference_cases()) {
    const auto score = [&](BleuTokens tokens) {
      return bleu_score(bleu_counts(c.answer, c.references, tokens), true);
    };
    EXPECT_NEAR(score(BleuTokens::k13a), c.scores["bleu_13a"].get<double>(), kPointDigits)
        << c.scores;
    EXPECT_NEAR(score(BleuTokens::kCharacters), c.scores["bleu_char"].get<double>(), kPointDigits)
        << c.scores;
  }
}

TEST(Bleu, OfACorpusEqualsSacreBleu) {
  std::ifstream in(SASEO_TEST_DATA "/reference_corpus.json");
  const nlohmann::json corpus = nlohmann::json::parse(in);
  BleuCounts words, characters;
  for (const ReferenceCase& c : reference_cases()) {
    const Texts first = {c.references.front()};
    words += bleu_counts(c.answer, first, BleuTokens::k13a);
    characters += bleu_counts(c.answer, first, BleuTokens::kCharacters);
  }
  EXPECT_NEAR(bleu_score(words, false), corpus["bleu_13a"].get<double>(), kPointDigits);
  EXPECT_NEAR(bleu_score(characters, false), corpus["bleu_char"].get<double>(), kPointDigits);
  EXPECT_EQ(bleu_signature(BleuTokens::k13a, false, 1),
            corpus["signature_13a"].get<std::string>() + "+saseo");
  EXPECT_EQ(bleu_signature(BleuTokens::kCharacters, false, 1),
            corpus["signature_char"].get<std::string>() + "+saseo");
}

// test_bleu.py of sacreBLEU: test_corpus_bleu_cases (the README's example).
TEST(Bleu, GivesTheValueOfSacreBleusReadme) {
  const Texts answers = {"The dog bit the man.", "It wasn't surprising.",
                         "The man had just bitten him."};
  const std::vector<Texts> references = {{"The dog bit the man.", "The dog had bit the man."},
                                         {"It was not unexpected.", "No one was surprised."},
                                         {"The man bit him first.", "The man had bitten the dog."}};
  EXPECT_NEAR(bleu_score(counts_of(answers, references, BleuTokens::k13a), false), 48.530827,
              kPointDigits);
  EXPECT_EQ(bleu_score(counts_of({"", "", ""}, references, BleuTokens::k13a), false), 0);
}

// test_bleu.py: test_case_scoring and test_case_statistics.
TEST(Bleu, IsMadeOfCounts) {
  BleuCounts counts;
  counts.answer_length = counts.reference_length = 11;
  counts.matches = {9, 7, 5, 3};
  counts.totals = {10, 8, 6, 4};
  EXPECT_NEAR(bleu_score(counts, false), 83.75922397, kPointDigits);

  const BleuCounts counted = bleu_counts(
      "am I am a character sequence", Texts{"I am a symbol string sequence a a"}, BleuTokens::k13a);
  EXPECT_EQ(counted.matches, (std::array<std::size_t, 4>{4, 2, 1, 0}));
  EXPECT_EQ(counted.totals, (std::array<std::size_t, 4>{6, 5, 4, 3}));
}

// test_bleu.py: test_case_effective_order.
TEST(Bleu, WithTheEffectiveOrderScoresShortAnswers) {
  const Texts reference = {"a test"};
  EXPECT_NEAR(bleu_score(bleu_counts("test", reference, BleuTokens::k13a), true), 36.78794411714425,
              kPointDigits);
  EXPECT_NEAR(bleu_score(bleu_counts("a test", reference, BleuTokens::k13a), true), 100,
              kPointDigits);
  EXPECT_EQ(bleu_score(bleu_counts("a test", reference, BleuTokens::k13a), false), 0);
}

// mteval-v13a.pl, as sacreBLEU's tokenizer_13a gives them.
TEST(Bleu, CutsAs13aDoes) {
  EXPECT_EQ(joined_13a("Hello, world! (3.5,7) a.b 1-2 well-known"),
            "Hello , world ! ( 3.5,7 ) a . b 1 - 2 well-known");
  EXPECT_EQ(joined_13a("&quot;A&amp;B&quot; it's 5%."), "\" A & B \" it's 5 % .");
  EXPECT_EQ(joined_13a("hyphen-\nated\nline "), "hyphenated line");
}

TEST(Bleu, OfCharactersHeedsNoSpaces) {
  EXPECT_NEAR(bleu_score(bleu_counts("무선충전을 켭니다.", Texts{"무선 충전을 켭니다."},
                                     BleuTokens::kCharacters),
                         true),
              100, kPointDigits);
}

TEST(Bleu, SignsWhatItCounted) {
  EXPECT_EQ(bleu_signature(BleuTokens::kCharacters, true, std::nullopt),
            "nrefs:var|case:mixed|eff:yes|tok:char|smooth:exp|version:2.6.0+saseo");
}

}  // namespace
}  // namespace saseo::eval
