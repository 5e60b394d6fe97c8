#include "generation/refusal.h"

#include <algorithm>
#include <cmath>

#include "generation/refusal_weights.h"

namespace saseo {
namespace {

float& at(RefusalFeatures& features, RefusalFeature feature) {
  return features[static_cast<std::size_t>(feature)];
}

}  // namespace

std::string_view name_of(RefusalFeature feature) {
  switch (feature) {
    case RefusalFeature::kCoverage:
      return "coverage";
    case RefusalFeature::kNounCoverage:
      return "noun-coverage";
    case RefusalFeature::kUnit:
      return "unit";
    case RefusalFeature::kUnitOwn:
      return "unit-own";
    case RefusalFeature::kHeading:
      return "heading";
    case RefusalFeature::kUnknown:
      return "unknown";
    case RefusalFeature::kDense:
      return "dense";
    case RefusalFeature::kLexical:
      return "lexical";
    case RefusalFeature::kAsked:
      return "asked";
    case RefusalFeature::kGap:
      return "gap";
  }
  return {};
}

RefusalFeatures refusal_features(const ParsedQuestion& question, const SearchResult& result,
                                 std::span<const PassageEvidence> evidence) {
  RefusalFeatures features{};
  at(features, RefusalFeature::kAsked) = question.asked.asked ? 0.0f : 0.5f;
  if (evidence.empty() || result.hits.empty()) return features;
  const PassageEvidence& best = evidence.front();

  float noun_weight = 0, noun_found = 0, unknown = 0;
  for (std::size_t s = 0; s < question.subjects.size(); ++s) {
    const Subject& subject = question.subjects[s];
    if (!subject.known) unknown += subject.weight;
    if (subject.verb) continue;
    noun_weight += subject.weight;
    noun_found += subject.weight * best.matches[s];
  }
  at(features, RefusalFeature::kCoverage) = best.coverage;
  at(features, RefusalFeature::kNounCoverage) =
      noun_weight > 0 ? noun_found / noun_weight : best.coverage;
  at(features, RefusalFeature::kUnknown) =
      question.total_weight > 0 ? unknown / question.total_weight : 1.0f;
  at(features, RefusalFeature::kHeading) = best.heading;
  for (const EvidenceUnit& unit : best.units) {
    if (question.asked.asked && unit.has_asked_quantity && unit.own > 0) {
      at(features, RefusalFeature::kAsked) = 1;
    }
    at(features, RefusalFeature::kUnitOwn) =
        std::max(at(features, RefusalFeature::kUnitOwn), unit.own);
  }
  at(features, RefusalFeature::kUnit) = std::min(best.best_unit, 1.2f);

  float dense = 0, lexical = 0;
  for (const RankedChunk& hit : result.hits) {
    dense = std::max(dense, hit.dense.score);
    lexical = std::max(lexical, hit.lexical.score);
  }
  at(features, RefusalFeature::kDense) = dense;
  at(features, RefusalFeature::kLexical) =
      question.total_weight > 0 ? std::min(lexical / (8 * question.total_weight), 1.5f) : 0.0f;
  const float first = result.hits.front().hit.score;
  const float fifth = result.hits[std::min<std::size_t>(4, result.hits.size() - 1)].hit.score;
  at(features, RefusalFeature::kGap) = first > 0 ? std::clamp(1 - fifth / first, 0.0f, 1.0f) : 0.0f;
  return features;
}

float answer_confidence(const RefusalFeatures& features) {
  float sum = kRefusalBias;
  for (std::size_t i = 0; i < kRefusalFeatures; ++i) sum += kRefusalWeights[i] * features[i];
  return 1.0f / (1.0f + std::exp(-sum));
}

}  // namespace saseo
