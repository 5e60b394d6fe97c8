#include "retrieval/rerank.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "base/utf8.h"
#include "retrieval/evidence.h"
#include "retrieval/question_words.h"
#include "retrieval/rerank_weights.h"
#include "retrieval/thesaurus.h"

namespace saseo {
namespace {

// The best hits of two products within this ratio fit equally.
constexpr float kEqualProducts = 0.82f;

const StoredDocument* document_of(const RankedChunk& hit,
                                  std::span<const StoredDocument> documents) {
  const auto found = std::ranges::find(documents, hit.stored.document, &StoredDocument::id);
  return found == documents.end() ? nullptr : &*found;
}

// How many chunks of the documents hold the subject, in its own or another word.
std::size_t chunks_with(const Subject& subject, const TermWeights& weights,
                        std::span<const DocumentId> documents) {
  std::size_t most = 0;
  for (const std::string& stem : subject.stems) {
    most = std::max(most, weights.chunks_with(TermKind::kStem, stem, documents));
  }
  for (const SubjectWord& other : subject.others) {
    if (!other.same) continue;
    std::size_t all = static_cast<std::size_t>(-1);
    for (const std::string& stem : other.stems) {
      all = std::min(all, weights.chunks_with(TermKind::kStem, stem, documents));
    }
    most = std::max(most, all);
  }
  return most;
}

std::vector<DocumentId> documents_of(const std::string& product,
                                     std::span<const StoredDocument> documents) {
  std::vector<DocumentId> ids;
  for (const StoredDocument& document : documents) {
    if (document.info.product == product) ids.push_back(document.id);
  }
  return ids;
}

// The question's words for devices; of several the one that it is about ("청소기가"), alone.
std::vector<const Subject*> devices_of(const ParsedQuestion& question) {
  std::vector<const Subject*> devices, marked;
  for (const Subject& subject : question.subjects) {
    if (!subject.device) continue;
    devices.push_back(&subject);
    const auto ends = [&](std::string_view particle) { return subject.word.ends_with(particle); };
    if (ends("이") || ends("가") || ends("은") || ends("는")) marked.push_back(&subject);
  }
  return devices.size() > 1 && !marked.empty() ? marked : devices;
}

// "폰" names 다온폰 by its name, "청소기" the product whose manual says it: three times as often as
// any other's.
std::optional<std::string> product_of_device(const std::vector<ProductScore>& scores,
                                             const ParsedQuestion& question,
                                             std::span<const StoredDocument> documents,
                                             const TermWeights& weights) {
  const std::vector<const Subject*> devices = devices_of(question);
  for (const Subject* subject : devices) {
    std::vector<std::string> names = subject->stems;
    names.emplace_back(without_ending(subject->word));
    for (std::size_t n = 0, own = names.size(); n < own; ++n) {
      for (const OtherWord& other : other_words_for(names[n])) names.emplace_back(other.word);
    }
    const auto named = [&](const ProductScore& score) {
      const std::string name = fold_for_matching(score.product);
      const auto holds = [&](const std::string& word) {
        return is_device_word(word) && name.find(word) != std::string::npos;
      };
      return std::ranges::any_of(names, holds);
    };
    if (std::ranges::count_if(scores, named) == 1) {
      return std::ranges::find_if(scores, named)->product;
    }
    std::vector<std::pair<std::size_t, std::string>> said;
    for (const ProductScore& score : scores) {
      said.emplace_back(chunks_with(*subject, weights, documents_of(score.product, documents)),
                        score.product);
    }
    std::ranges::sort(said, std::ranges::greater{});
    if (said[0].first > 0 && said[0].first >= 3 * said[1].first) return said[0].second;
  }
  return std::nullopt;
}

// An introduction tells what a thing is, the section below it how it is done: where "how" is asked,
// the best section below with steps comes before its introduction.
void prefer_steps(std::vector<RankedChunk>& hits, const std::vector<bool>& has_steps) {
  std::vector<float> scores;
  for (const RankedChunk& hit : hits) scores.push_back(hit.hit.score);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (has_steps[i]) continue;
    const std::vector<std::string>& path = hits[i].stored.chunk.heading_path;
    std::size_t best = i;
    for (std::size_t j = 0; j < hits.size(); ++j) {
      const std::vector<std::string>& below = hits[j].stored.chunk.heading_path;
      const bool is_below = hits[j].stored.document == hits[i].stored.document &&
                            below.size() > path.size() && !path.empty() &&
                            std::equal(path.begin(), path.end(), below.begin());
      if (is_below && has_steps[j] && (best == i || scores[j] > scores[best])) best = j;
    }
    if (best != i) hits[best].hit.score = std::max(hits[best].hit.score, scores[i] + 1e-4f);
  }
}

// The best score of each stage.
struct Best {
  float fused = 0, asked = 0, dense = 0;

  void take(const RankedChunk& hit) {
    fused = std::max(fused, hit.fused.score);
    asked = std::max(asked, hit.asked);
    dense = std::max(dense, hit.dense.score);
  }
};

RerankFeatures features_of(const RankedChunk& hit, const Best& best,
                           const PassageEvidence& evidence, const ParsedQuestion& question) {
  const auto share = [](float score, float largest) {
    return largest > 0 ? score / largest : 0.0f;
  };
  RerankFeatures features{};
  const auto at = [&](RerankFeature feature) -> float& {
    return features[static_cast<std::size_t>(feature)];
  };
  at(RerankFeature::kFused) = share(hit.fused.score, best.fused);
  at(RerankFeature::kFusedAsked) = share(hit.asked, best.asked);
  at(RerankFeature::kDense) = share(hit.dense.score, best.dense);
  at(RerankFeature::kUnit) = evidence.best_unit;
  at(RerankFeature::kUnitOwn) = evidence.best_own;
  at(RerankFeature::kCoverage) = evidence.coverage;
  at(RerankFeature::kHeading) = evidence.heading;
  at(RerankFeature::kHeadingFit) = evidence.heading_fit;
  at(RerankFeature::kQuantity) = evidence.quantity;
  at(RerankFeature::kSteps) = question.kinds.how_to && evidence.has_steps ? 1.0f : 0.0f;
  return features;
}

}  // namespace

std::string_view name_of(RerankFeature feature) {
  static constexpr std::array<std::string_view, kRerankFeatures> kNames = {
      "fused",    "fused-asked", "dense",       "unit",     "unit-own",
      "coverage", "heading",     "heading-fit", "quantity", "steps"};
  return kNames[static_cast<std::size_t>(feature)];
}

Status rerank_hits(SearchResult& result, const ParsedQuestion& question, const Library& library,
                   Analyzer& analyzer) {
  Best best;
  for (const RankedChunk& hit : result.hits) best.take(hit);
  const RerankFeatures& weights = question.asks ? kQuestionWeights : kWordsWeights;
  std::vector<bool> has_steps;
  for (RankedChunk& hit : result.hits) {
    Passage passage;
    passage.document = hit.stored.document;
    passage.heading_path = hit.stored.chunk.heading_path;
    passage.section = hit.stored.chunk.section;
    passage.segments = hit.stored.chunk.segments;
    SASEO_ASSIGN_OR_RETURN(const PassageEvidence evidence,
                           gather_evidence(question, passage, library, analyzer));
    hit.features = features_of(hit, best, evidence, question);
    hit.hit.score =
        std::inner_product(hit.features.begin(), hit.features.end(), weights.begin(), 0.0f);
    has_steps.push_back(evidence.has_steps);
  }
  if (question.kinds.how_to) prefer_steps(result.hits, has_steps);
  std::ranges::stable_sort(result.hits, is_better, &RankedChunk::hit);
  return {};
}

void keep_product(SearchResult& result, std::span<const StoredDocument> documents,
                  const std::string& product) {
  result.product = {ProductDecision::kWins, product, {}};
  std::erase_if(result.hits, [&](const RankedChunk& hit) {
    const StoredDocument* document = document_of(hit, documents);
    return document != nullptr && !document->info.product.empty() &&
           document->info.product != product;
  });
}

void settle_product(SearchResult& result, const ParsedQuestion& question,
                    std::span<const StoredDocument> documents, const TermWeights& weights) {
  result.product = {};
  std::vector<ProductScore> scores;
  for (const RankedChunk& hit : result.hits) {
    const StoredDocument* document = document_of(hit, documents);
    if (document == nullptr || document->info.product.empty()) continue;
    const bool seen = std::ranges::any_of(
        scores, [&](const ProductScore& score) { return score.product == document->info.product; });
    if (!seen) scores.push_back({document->info.product, hit.hit.score});
  }
  if (scores.size() < 2) return;
  if (const std::optional<std::string> named =
          product_of_device(scores, question, documents, weights)) {
    keep_product(result, documents, *named);
    return;
  }
  if (scores[1].score < kEqualProducts * scores[0].score) {
    keep_product(result, documents, scores[0].product);
    return;
  }
  result.product.decision = ProductDecision::kAmbiguous;
  for (const ProductScore& score : scores) {
    if (score.score >= kEqualProducts * scores[0].score) {
      result.product.candidates.push_back(score.product);
    }
  }
}

}  // namespace saseo
