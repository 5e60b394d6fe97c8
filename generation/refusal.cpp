#include "generation/refusal.h"

#include <algorithm>
#include <cmath>

#include "generation/refusal_weights.h"

namespace saseo {
namespace {

float& at(RefusalFeatures& features, RefusalFeature feature) {
  return features[static_cast<std::size_t>(feature)];
}

constexpr float kHardlyFound = 0.3f;

// The documents hold the subject, in its own or another word, somewhere.
bool is_named(const Subject& subject, const TermWeights& weights,
              std::span<const DocumentId> documents) {
  const auto held = [&](const std::string& stem) {
    return weights.chunks_with(TermKind::kStem, stem, documents) > 0;
  };
  return subject.quantity || std::ranges::any_of(subject.stems, held) ||
         std::ranges::any_of(subject.others, [&](const SubjectWord& other) {
           return std::ranges::all_of(other.stems, held);
         });
}

}  // namespace

std::string_view name_of(RefusalFeature feature) {
  switch (feature) {
    case RefusalFeature::kCoverage:
      return "coverage";
    case RefusalFeature::kNounCoverage:
      return "noun-coverage";
    case RefusalFeature::kUnitOwn:
      return "unit-own";
    case RefusalFeature::kHeading:
      return "heading";
    case RefusalFeature::kAbsent:
      return "absent";
    case RefusalFeature::kDense:
      return "dense";
    case RefusalFeature::kAskedMissing:
      return "asked-missing";
    case RefusalFeature::kTopicMissing:
      return "topic-missing";
    case RefusalFeature::kYesNo:
      return "yes-no";
  }
  return {};
}

RefusalFeatures refusal_features(const ParsedQuestion& question, const SearchResult& result,
                                 std::span<const PassageEvidence> evidence,
                                 const TermWeights& weights) {
  RefusalFeatures features{};
  if (evidence.empty() || result.hits.empty()) return features;
  const PassageEvidence& best = evidence.front();

  const DocumentId document[] = {best.passage->document};
  float noun_weight = 0, noun_found = 0, absent = 0;
  float topic_weight = 0, topic_found = 0;
  for (std::size_t s = 0; s < question.subjects.size(); ++s) {
    const Subject& subject = question.subjects[s];
    if (subject.verb) continue;
    noun_weight += subject.weight;
    noun_found += subject.weight * best.matches[s];
    if (subject.topic && !subject.device) {
      topic_weight += subject.weight;
      topic_found += subject.weight * best.matches[s];
    }
    if (best.matches[s] < kHardlyFound && !is_named(subject, weights, document)) {
      absent += subject.weight;
    }
  }
  at(features, RefusalFeature::kCoverage) = best.coverage;
  at(features, RefusalFeature::kNounCoverage) =
      noun_weight > 0 ? noun_found / noun_weight : best.coverage;
  at(features, RefusalFeature::kTopicMissing) =
      topic_weight > 0 ? 1 - topic_found / topic_weight
                       : 1 - at(features, RefusalFeature::kNounCoverage);
  at(features, RefusalFeature::kYesNo) =
      question.kinds.yes_no && !question.kinds.how_to && !question.asked.asked ? 1.0f : 0.0f;
  at(features, RefusalFeature::kAbsent) = noun_weight > 0 ? absent / noun_weight : 0.5f;
  at(features, RefusalFeature::kHeading) = best.heading;
  bool tells_asked = question.asked.units.empty();
  for (const EvidenceUnit& unit : best.units) {
    tells_asked = tells_asked || unit.has_asked_quantity;
    at(features, RefusalFeature::kUnitOwn) =
        std::max(at(features, RefusalFeature::kUnitOwn), unit.own);
  }
  at(features, RefusalFeature::kAskedMissing) = tells_asked ? 0.0f : 1.0f;
  for (const RankedChunk& hit : result.hits) {
    at(features, RefusalFeature::kDense) =
        std::max(at(features, RefusalFeature::kDense), hit.dense.score);
  }
  return features;
}

float answer_confidence(const RefusalFeatures& features) {
  float sum = kRefusalBias;
  for (std::size_t i = 0; i < kRefusalFeatures; ++i) sum += kRefusalWeights[i] * features[i];
  return 1.0f / (1.0f + std::exp(-sum));
}

}  // namespace saseo
