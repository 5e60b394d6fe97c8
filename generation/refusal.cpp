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
constexpr float kMaxSubjects = 8;

// The library holds the subject, in its own or another word, somewhere.
bool is_named(const Subject& subject, const TermWeights& weights) {
  return subject.quantity || !subject.others.empty() ||
         std::ranges::any_of(subject.stems, [&](const std::string& stem) {
           return weights.chunks_with(TermKind::kStem, stem) > 0;
         });
}

// The largest share of the subjects, devices aside, that one unit and the headings hold.
float best_unit(const ParsedQuestion& question, const PassageEvidence& evidence) {
  float best = 0;
  for (const EvidenceUnit& unit : evidence.units) {
    float weight = 0, found = 0;
    for (std::size_t s = 0; s < question.subjects.size(); ++s) {
      if (question.subjects[s].device) continue;
      weight += question.subjects[s].weight;
      found += question.subjects[s].weight * std::max(unit.matches[s], evidence.heading_matches[s]);
    }
    if (weight > 0) best = std::max(best, found / weight);
  }
  return best;
}

}  // namespace

RefusalFeatures refusal_features(const ParsedQuestion& question, const SearchResult& result,
                                 std::span<const PassageEvidence> evidence,
                                 const TermWeights& weights) {
  RefusalFeatures features{};
  if (evidence.empty() || result.hits.empty()) return features;
  const PassageEvidence& best = evidence.front();

  float nouns = 0, absent = 0, topics = 0, topics_missing = 0;
  bool device_missing = false;
  for (std::size_t s = 0; s < question.subjects.size(); ++s) {
    const Subject& subject = question.subjects[s];
    const bool named = is_named(subject, weights);
    device_missing = device_missing || (subject.device && !named);
    if (subject.verb || subject.device) continue;
    nouns += subject.weight;
    if (subject.topic) {
      topics += subject.weight;
      topics_missing += subject.weight * (1 - best.matches[s]);
    }
    if (best.matches[s] < kHardlyFound && !named) absent += subject.weight;
  }
  const bool tells_asked = question.asked.units.empty() ||
                           std::ranges::any_of(best.units, &EvidenceUnit::has_asked_quantity);
  const QuestionKinds& kinds = question.kinds;
  const auto flag = [](bool holds) { return holds ? 1.0f : 0.0f; };
  at(features, RefusalFeature::kScore) = best.passage->score;
  at(features, RefusalFeature::kCoverage) = best.coverage;
  at(features, RefusalFeature::kUnit) = best_unit(question, best);
  at(features, RefusalFeature::kAbsent) = nouns > 0 ? absent / nouns : 0.5f;
  at(features, RefusalFeature::kTopicMissing) = topics > 0 ? topics_missing / topics : 0.0f;
  at(features, RefusalFeature::kAskedMissing) = flag(!tells_asked);
  at(features, RefusalFeature::kDeviceMissing) = flag(device_missing);
  at(features, RefusalFeature::kLength) =
      std::min(static_cast<float>(question.subjects.size()), kMaxSubjects) / kMaxSubjects;
  at(features, RefusalFeature::kTrouble) = flag(kinds.trouble);
  at(features, RefusalFeature::kYesNo) =
      flag(kinds.yes_no && !kinds.how_to && !question.asked.asked);
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
