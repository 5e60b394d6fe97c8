// All that is measured by comparing one answer with what its question knows of good ones: the group
// "answering" of docs/metrics.md.
//
// Texts are compared in NFC, their first kMaxScoredBytes bytes. Korean questions are scored by
// KorQuAD's script, over stems and characters; all others by SQuAD's, over Porter stems.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/message.h"
#include "base/result.h"
#include "eval/metrics/bleu.h"
#include "eval/metrics/chrf.h"
#include "eval/questions/question_set.h"
#include "eval/records/evaluation.h"
#include "index/analyzer.h"
#include "index/embedder.h"

namespace saseo::eval {

inline constexpr std::size_t kMaxScoredBytes = 65'536;  // An answer of 8,192 tokens has half.

// Borrowed; what is null leaves its metrics absent: the analyzer steps and Korean ROUGE, the
// embedder embedding-similarity.
struct ScoringTools {
  Analyzer* analyzer = nullptr;
  Embedder* embedder = nullptr;
};

struct AnswerScores {
  // By the names of answer_metric_definitions(). A metric is absent where the question lacks what
  // it needs: references, facts, steps, quantities; all of an unanswerable question, whose answers
  // trust metrics judge. An answer that refuses counts as an empty one: 0 of all
  // but step-order, which takes two steps found.
  std::map<std::string, double> values;
  // For scores of a corpus; absent without references.
  std::optional<BleuCounts> bleu;
  std::optional<ChrfCounts> chrf;
  // The embedder's, where it failed: embedding-similarity is absent then.
  std::optional<Error> embedding_error;
};

AnswerScores score_answer(const Question& question, std::string_view plain_text, bool refused,
                          Language language, const ScoringTools& tools);

// In the order to show. "bleu" and "chrf" are of single answers; their corpus scores are made of
// AnswerScores' counts.
const std::vector<MetricDefinition>& answer_metric_definitions();

// "bleu" and "chrf" -> signature, for the answers to questions in one language. `references` is
// nullopt when questions differ in their number.
std::map<std::string, std::string> answer_metric_signatures(Language language,
                                                            std::optional<std::size_t> references);

BleuTokens bleu_tokens_of(Language language);

}  // namespace saseo::eval
