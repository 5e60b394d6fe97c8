// What tells how well a hit answers; each 0 to about 1. A weighted sum of them puts hits in order
// (rerank.h); the weights are fitted (rerank_weights.h).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace saseo {

enum class RerankFeature : std::size_t {
  kFused,       // Fused score, other words included, as a share of the best hit's.
  kFusedAsked,  // The same of the question's own words alone.
  kDense,       // Cosine, other words included, likewise.
  kUnit,        // The best sentence, step or row: its own matches, its headings' and neighbours'.
  kUnitOwn,     // The best sentence, step or row alone.
  kCoverage,    // Share of the question's subjects in headings and text.
  kHeading,     // Share of the subjects in the heading path.
  kHeadingFit,  // Share of the last heading's words that the question says.
  kQuantity,    // A unit tells a quantity of the kind asked for: its share of the subjects.
  kSteps,       // Steps, where "how" is asked.
};
inline constexpr std::size_t kRerankFeatures = 10;
std::string_view name_of(RerankFeature feature);
using RerankFeatures = std::array<float, kRerankFeatures>;

}  // namespace saseo
