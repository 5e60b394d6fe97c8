#include "eval/metrics/step_score.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "eval/metrics/list_items.h"
#include "eval/metrics/rouge.h"
#include "retrieval/sentences.h"

namespace saseo::eval {
namespace {

using StepPlace = std::pair<std::size_t, double>;  // Segment, mean token in it.
using FirstPlaces = std::unordered_map<std::u32string, std::size_t>;

std::string text_of(std::string_view text, ByteSpan span) {
  return std::string(text.substr(span.begin, span.size()));
}

std::vector<std::string> sentences_of(std::string_view text) {
  std::vector<std::string> sentences;
  for (const ByteSpan span : split_sentences(text)) sentences.push_back(text_of(text, span));
  return sentences;
}

std::vector<StepTokens> tokens_of(std::span<const std::string> texts, Analyzer& analyzer) {
  std::vector<StepTokens> tokens;
  for (const std::string& text : texts.first(std::min(texts.size(), kMaxSteps))) {
    if (StepTokens stems = stem_tokens(text, analyzer); !stems.empty())
      tokens.push_back(std::move(stems));
  }
  return tokens;
}

// The length of the longest non-decreasing subsequence.
std::size_t longest_run(std::span<const StepPlace> places) {
  std::vector<StepPlace> ends;  // Smallest last place of a run of each length.
  for (const StepPlace& place : places) {
    const auto at = std::ranges::upper_bound(ends, place);
    if (at == ends.end()) {
      ends.push_back(place);
    } else {
      *at = place;
    }
  }
  return ends.size();
}

}  // namespace

std::vector<std::string> steps_of(std::string_view reference, StepSource source) {
  std::vector<std::string> steps;
  for (const ListItem& item : list_items(reference)) {
    if (item.text.size() > 0) steps.push_back(text_of(reference, item.text));
  }
  if (steps.empty() && source == StepSource::kListsOrSentences) steps = sentences_of(reference);
  if (steps.size() < 2) steps.clear();
  return steps;
}

std::vector<std::string> segments_of(std::string_view answer) {
  const std::vector<ListItem> items = list_items(answer);
  if (items.empty()) return sentences_of(answer);
  std::vector<std::string> segments;
  segments.emplace_back(answer.substr(0, items.front().mark.begin));
  for (const ListItem& item : items) segments.push_back(text_of(answer, item.text));
  return segments;
}

StepScore score_steps(std::span<const StepTokens> steps, std::span<const StepTokens> segments) {
  std::vector<FirstPlaces> first_places;
  for (const StepTokens& segment : segments) {
    FirstPlaces& places = first_places.emplace_back();
    for (std::size_t i = 0; i < segment.size(); ++i) places.emplace(segment[i], i);
  }

  std::vector<StepPlace> places;  // Of the steps found, in the order of the reference.
  for (const StepTokens& step : steps) {
    const std::unordered_set<std::u32string> wanted(step.begin(), step.end());
    std::size_t most = 0;
    StepPlace best;
    for (std::size_t s = 0; s < first_places.size(); ++s) {
      std::size_t shared = 0, sum = 0;
      for (const std::u32string& token : wanted) {
        const auto found = first_places[s].find(token);
        if (found == first_places[s].end()) continue;
        ++shared;
        sum += found->second;
      }
      if (shared > most) {
        most = shared;
        best = {s, static_cast<double>(sum) / static_cast<double>(shared)};
      }
    }
    if (most > 0 && static_cast<double>(most) >= kFoundOverlap * static_cast<double>(wanted.size()))
      places.push_back(best);
  }

  StepScore score{.steps = steps.size(), .found = places.size(), .completeness = 0, .order = {}};
  if (!steps.empty())
    score.completeness = static_cast<double>(places.size()) / static_cast<double>(steps.size());
  if (places.size() >= 2)
    score.order = static_cast<double>(longest_run(places)) / static_cast<double>(places.size());
  return score;
}

std::optional<StepScore> step_score(std::string_view answer,
                                    std::span<const std::string> references, StepSource source,
                                    Analyzer& analyzer) {
  const std::vector<StepTokens> segments = tokens_of(segments_of(answer), analyzer);
  std::optional<StepScore> best;
  for (const std::string& reference : references) {
    const std::vector<StepTokens> steps = tokens_of(steps_of(reference, source), analyzer);
    if (steps.size() < 2) continue;
    const StepScore score = score_steps(steps, segments);
    const auto rank = [](const StepScore& s) { return std::pair(s.completeness, s.order); };
    if (!best || rank(score) > rank(*best)) best = score;
  }
  return best;
}

}  // namespace saseo::eval
