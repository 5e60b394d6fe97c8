// ROUGE-1, ROUGE-2 and ROUGE-L: n-grams and the longest common subsequence that an answer shares
// with a reference.
//
//   ROUGE-N  precision = shared n-grams / n-grams of the answer, recall = shared / of the reference
//   ROUGE-L  precision = |LCS| / tokens of the answer, recall = |LCS| / tokens of the reference
//   F1 = 2pr / (p + r)
//
// Over several references, the one of the best F1 counts, for each of the three by itself.
//
// Sources: Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004; values equal those
// of the rouge-score package 0.1.2 (use_stemmer=True) for RougeTokens::kPorter.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/analyzer.h"

namespace saseo::eval {

enum class RougeTokens {
  kPorter,      // Runs of [a-z0-9] in lower case, those longer than 3 stemmed: English.
  kStems,       // Analyzer's stems: a Korean noun with and without its particle is one token.
  kCharacters,  // Letters and digits (NFKC, case folded) one by one: spacing does not matter.
};

struct RougeScore {
  double precision = 0, recall = 0, f1 = 0;
};

struct RougeScores {
  RougeScore rouge_1, rouge_2, rouge_l;
};

std::vector<std::u32string> porter_tokens(std::string_view text);
std::vector<std::u32string> stem_tokens(std::string_view text, Analyzer& analyzer);
std::vector<std::u32string> character_tokens(std::string_view text);

RougeScores rouge_of_tokens(std::span<const std::u32string> answer,
                            std::span<const std::u32string> reference);

// `analyzer` is used for kStems alone and may be null otherwise. All 0 without references.
RougeScores rouge(std::string_view answer, std::span<const std::string> references,
                  RougeTokens tokens, Analyzer* analyzer = nullptr);

}  // namespace saseo::eval
