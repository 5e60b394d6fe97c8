#include "eval/metrics/embedding_similarity.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <vector>

#include "base/utf8.h"

namespace saseo::eval {

Result<std::optional<double>> embedding_similarity(std::string_view answer,
                                                   std::span<const std::string> references,
                                                   Embedder& embedder) {
  std::optional<double> best;
  if (references.empty()) return best;
  if (trim(answer).empty()) return std::optional<double>(0);
  std::vector<PassageText> texts = {{"", answer}};
  for (const std::string& reference : references) texts.push_back({"", reference});
  SASEO_ASSIGN_OR_RETURN(const std::vector<float> vectors, embedder.embed_passages(texts));
  assert(vectors.size() == texts.size() * embedder.dims());
  const auto row = [&](std::size_t i) {
    return std::span(vectors).subspan(i * embedder.dims(), embedder.dims());
  };
  const std::span<const float> answered = row(0);
  for (std::size_t i = 1; i < texts.size(); ++i) {
    const std::span<const float> wanted = row(i);
    const double cosine = std::inner_product(answered.begin(), answered.end(), wanted.begin(), 0.0);
    best = std::max(best.value_or(-1), std::clamp(cosine, -1.0, 1.0));
  }
  return best;
}

}  // namespace saseo::eval
