// When the manuals are silent: a logistic model over what the search found.
//
//   confidence = 1 / (1 + exp(-(w0 + sum of w_i f_i)))
//
// The weights come from bench/calibrate_refusal (generation/refusal_weights.h names the figures
// that they reached).
#pragma once

#include <functional>
#include <span>

#include "generation/refusal_features.h"
#include "retrieval/evidence.h"
#include "retrieval/question.h"
#include "retrieval/search_result.h"

namespace saseo {

struct RefusalOptions {
  float threshold = 0.5f;                               // Smaller answers more and refuses less.
  std::function<void(const RefusalFeatures&)> observe;  // For calibration; may be empty.
};

RefusalFeatures refusal_features(const ParsedQuestion& question, const SearchResult& result,
                                 std::span<const PassageEvidence> evidence,
                                 const TermWeights& weights);

// The confidence, 0 to 1, that the passages answer the question.
float answer_confidence(const RefusalFeatures& features);

}  // namespace saseo
