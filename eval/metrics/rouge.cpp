#include "eval/metrics/rouge.h"

#include <cassert>

#include "base/utf8.h"
#include "eval/metrics/common_subsequence.h"
#include "eval/metrics/porter_stemmer.h"
#include "eval/metrics/text_units.h"

namespace saseo::eval {
namespace {

constexpr std::size_t kLongestUnstemmed = 3;

RougeScore score_of(std::size_t shared, std::size_t answered, std::size_t wanted) {
  RougeScore score;
  if (answered > 0) score.precision = static_cast<double>(shared) / static_cast<double>(answered);
  if (wanted > 0) score.recall = static_cast<double>(shared) / static_cast<double>(wanted);
  score.f1 = harmonic_mean(score.precision, score.recall);
  return score;
}

RougeScore score_of_ngrams(std::u32string_view answer, std::u32string_view reference,
                           std::size_t order) {
  const auto ngrams = [order](std::u32string_view tokens) {
    return tokens.size() < order ? 0 : tokens.size() - order + 1;
  };
  return score_of(count_shared(count_ngrams(answer, order), count_ngrams(reference, order)),
                  ngrams(answer), ngrams(reference));
}

void keep_better(RougeScore& best, const RougeScore& score) {
  if (score.f1 > best.f1) best = score;
}

std::vector<std::u32string> tokens_of(std::string_view text, RougeTokens tokens,
                                      Analyzer* analyzer) {
  switch (tokens) {
    case RougeTokens::kPorter:
      return porter_tokens(text);
    case RougeTokens::kStems:
      assert(analyzer != nullptr);
      return stem_tokens(text, *analyzer);
    case RougeTokens::kCharacters:
      return character_tokens(text);
  }
  return {};
}

}  // namespace

std::vector<std::u32string> porter_tokens(std::string_view text) {
  std::vector<std::u32string> tokens;
  std::string word;
  const auto close_word = [&] {
    if (word.size() > kLongestUnstemmed) word = porter_stem(word);
    if (!word.empty()) tokens.emplace_back(word.begin(), word.end());
    word.clear();
  };
  for (const char32_t c : lower_case(text)) {
    if ((c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9')) {
      word.push_back(static_cast<char>(c));
    } else {
      close_word();
    }
  }
  close_word();
  return tokens;
}

std::vector<std::u32string> stem_tokens(std::string_view text, Analyzer& analyzer) {
  std::vector<std::u32string> tokens;
  for (const std::string& stem : analyzer.analyze(text).stems) tokens.push_back(to_utf32(stem));
  return tokens;
}

std::vector<std::u32string> character_tokens(std::string_view text) {
  std::vector<std::u32string> tokens;
  for (const char32_t c : to_utf32(fold_for_matching(text))) {
    if (is_letter_or_digit(c)) tokens.emplace_back(1, c);
  }
  return tokens;
}

RougeScores rouge_of_tokens(std::span<const std::u32string> answer,
                            std::span<const std::u32string> reference) {
  TokenNumbers numbers;
  const std::u32string a = numbers.numbers_of(answer), r = numbers.numbers_of(reference);
  return {.rouge_1 = score_of_ngrams(a, r, 1),
          .rouge_2 = score_of_ngrams(a, r, 2),
          .rouge_l = score_of(common_subsequence_length(a, r), a.size(), r.size())};
}

RougeScores rouge(std::string_view answer, std::span<const std::string> references,
                  RougeTokens tokens, Analyzer* analyzer) {
  const std::vector<std::u32string> answered = tokens_of(answer, tokens, analyzer);
  RougeScores best;
  for (const std::string& reference : references) {
    const RougeScores scores = rouge_of_tokens(answered, tokens_of(reference, tokens, analyzer));
    keep_better(best.rouge_1, scores.rouge_1);
    keep_better(best.rouge_2, scores.rouge_2);
    keep_better(best.rouge_l, scores.rouge_l);
  }
  return best;
}

}  // namespace saseo::eval
