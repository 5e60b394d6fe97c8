// When the manuals are silent: a logistic model over what the search found.
//
//   confidence = 1 / (1 + exp(-(w0 + sum of w_i f_i)))
//
// The weights come from bench/calibrate_refusal (generation/refusal_weights.h names the figures
// that they reached).
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "generation/evidence.h"
#include "generation/question.h"
#include "retrieval/searcher.h"

namespace saseo {

struct RefusalOptions {
  float threshold = 0.5f;  // Smaller answers more and refuses less.
};

// What tells an answered question from one that the manuals are silent on; each about 0 to 1.
enum class RefusalFeature : std::size_t {
  kCoverage,      // Share of the question's subjects in the best passage and its headings.
  kNounCoverage,  // The same, of nouns alone.
  kUnit,          // Best score of one sentence, step or row.
  kUnitOwn,       // Share of the subjects in that sentence alone.
  kHeading,       // Share of the subjects in the headings of the best passage.
  kUnknown,       // Share of the subjects that the whole library never names.
  kDense,         // Cosine of the best hit.
  kLexical,       // Lexical score of the best hit, by the question's weight.
  kAsked,         // The quantity asked for: 1 found, 0 missing, 0.5 none asked.
  kGap,           // How far the best hit is ahead of the fifth.
};
inline constexpr std::size_t kRefusalFeatures = 10;
std::string_view name_of(RefusalFeature feature);

using RefusalFeatures = std::array<float, kRefusalFeatures>;

RefusalFeatures refusal_features(const ParsedQuestion& question, const SearchResult& result,
                                 std::span<const PassageEvidence> evidence);

// The confidence, 0 to 1, that the passages answer the question.
float answer_confidence(const RefusalFeatures& features);

}  // namespace saseo
