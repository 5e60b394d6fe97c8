// When the manuals are silent: a logistic model over what the search found.
//
//   confidence = 1 / (1 + exp(-(w0 + sum of w_i f_i)))
//
// The weights come from bench/calibrate_refusal (generation/refusal_weights.h names the figures
// that they reached).
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

#include "retrieval/evidence.h"
#include "retrieval/question.h"
#include "retrieval/search_result.h"

namespace saseo {

// What tells an answered question from one that the manuals are silent on; each about 0 to 1.
enum class RefusalFeature : std::size_t {
  kScore,          // Of the best passage, as the search put it in order.
  kCoverage,       // Share of the question's subjects in the best passage and its headings.
  kUnit,           // The same in its best sentence, step or row and the headings, devices aside.
  kAbsent,         // Share of the nouns, devices aside, that the whole library never names.
  kTopicMissing,   // Share of what is asked about (Subject::topic) that the passage lacks.
  kDense,          // Cosine of the best hit.
  kAskedMissing,   // 1 when a quantity of a certain kind is asked for and the passage tells none.
  kDeviceMissing,  // 1 when the question names a kind of device ("TV") that the library never does.
  kLength,         // Subjects of the question, up to 8: of many, fewer are covered.
  kTrouble,        // 1 of a complaint, which manuals tell in other words.
  kYesNo,          // 1 when it is asked whether something can be done: manuals seldom deny.
};
inline constexpr std::size_t kRefusalFeatures = 11;
std::string_view name_of(RefusalFeature feature);

using RefusalFeatures = std::array<float, kRefusalFeatures>;

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
