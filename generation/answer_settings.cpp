#include "generation/answer_settings.h"

#include <fmt/format.h>

namespace saseo {
namespace {

std::string stage_words(const StageWeights& weights) {
  return fmt::format("{}/{}/{}/{}", weights.lexical.k1, weights.lexical.body_b,
                     weights.dense_weight, weights.dense_length_exponent);
}

}  // namespace

std::string search_words(const RankingOptions& ranking, const AnswererOptions& answering) {
  std::string words = fmt::format(
      "korean {} other {} candidates {} reranked {} hits {} tokens {} passages {} "
      "threshold {}",
      stage_words(ranking.korean), stage_words(ranking.other), ranking.candidates, ranking.reranked,
      answering.hits, answering.context.token_budget, answering.context.max_passages,
      answering.refusal.threshold);
  // Named only where they are not the default: the words of settings without them stay as they are.
  if (!answering.context.whole_sections)
    words += fmt::format(" neighbours {}", answering.context.neighbours);
  return words;
}

}  // namespace saseo
