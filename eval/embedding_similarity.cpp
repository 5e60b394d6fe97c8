#include "eval/embedding_similarity.h"

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
  SASEO_ASSIGN_OR_RETURN(const std::vector<float> answered, embedder.embed_passage({}, answer));
  for (const std::string& reference : references) {
    SASEO_ASSIGN_OR_RETURN(const std::vector<float> wanted, embedder.embed_passage({}, reference));
    assert(answered.size() == wanted.size());
    const double cosine = std::inner_product(answered.begin(), answered.end(), wanted.begin(), 0.0);
    best = std::max(best.value_or(-1), std::clamp(cosine, -1.0, 1.0));
  }
  return best;
}

}  // namespace saseo::eval
