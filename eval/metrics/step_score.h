// Completeness and order of the steps of a procedure.
//
//   overlap(step, segment) = distinct tokens of the step that the segment has / of the step
//   found:   a step whose best segment overlaps by half or more
//   completeness = found steps / steps of the reference
//   order        = longest run of found steps whose places do not go back / found steps
//
// A segment is an item of the answer's list, else a sentence. The place of a found step is its best
// segment (the first of equals) and, in it, the mean place of the tokens it shares, so that steps
// told in one sentence have an order too. The longest run is the longest non-decreasing
// subsequence; with one found step there is no order.
//
// Not seen: steps that the reference lacks, and wrong ones between right ones. A long sentence of
// an answer overlaps with much.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/analyzer.h"

namespace saseo::eval {

inline constexpr double kFoundOverlap = 0.5;
inline constexpr std::size_t kMaxSteps = 200;  // Of the reference, and segments of the answer.

struct StepScore {
  std::size_t steps = 0, found = 0;
  double completeness = 0;
  std::optional<double> order;  // nullopt with fewer than two found.
};

enum class StepSource {
  kLists,             // A reference has steps only where it counts or lists them.
  kListsOrSentences,  // Else its sentences are steps: references of how-to questions.
};

// The texts of the steps; empty when there are fewer than two.
std::vector<std::string> steps_of(std::string_view reference, StepSource source);
// The texts of the segments: list items and what stands before the first, else sentences.
std::vector<std::string> segments_of(std::string_view answer);

using StepTokens = std::vector<std::u32string>;
StepScore score_steps(std::span<const StepTokens> steps, std::span<const StepTokens> segments);

// Over stems; of the reference whose steps are told most completely, then in the best order.
// nullopt when no reference has steps.
std::optional<StepScore> step_score(std::string_view answer,
                                    std::span<const std::string> references, StepSource source,
                                    Analyzer& analyzer);

}  // namespace saseo::eval
