// What a verdict says, before it is put into words (verdict_words.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "eval/records/evaluation.h"
#include "eval/statistics/leading_metric.h"

namespace saseo::eval {

struct VerdictOptions {
  // What loss does not matter, as a share of the metric's range: 0.05 is 5 points.
  double margin = 0.05;
  std::size_t min_questions = 10;  // Below, of a language or type, nothing is said of quality.
  std::size_t resamples = 10000;
  std::uint64_t seed = 1;
  LeadingOptions leading;  // As in CompareOptions.
};

// How much dearer: ratios of means over the questions that both answered.
struct CostRatio {
  std::optional<double> seconds, memory;
};

// `better` less `worse` in the leading metric, in points: 100 is the metric's whole range. `better`
// is whose mean is not worse.
struct Gap {
  std::string better, worse;
  double points = 0, low = 0, high = 0;
  bool shown = false;           // Significant, and the interval leaves out 0.
  bool held_before = false;     // The interval leaves out 0, but not after the adjustment.
  double could_have_shown = 0;  // Points; 0 where not known.
  std::size_t questions = 0;
  CostRatio cost;  // Of `better` to `worse`.
};

struct TypeCount {
  std::string type;
  std::size_t questions = 0;
};
struct TypeGap {
  TypeCount type;
  double points = 0;  // What the dearer gains.
};

// A cheaper contestant that stays within the margin of a dearer one.
struct Sufficient {
  std::string name, versus;
  double points = 0, low = 0, high = 0;  // `name` less `versus`.
  CostRatio cost;                        // Of `name` to `versus`.
};

struct VerdictFindings {
  std::string language;
  std::size_t asked = 0;   // Questions of the language.
  std::size_t scored = 0;  // Of these, with the leading metric from every contestant compared.
  std::size_t min_questions = 0;
  double margin_points = 5;
  std::optional<MetricDefinition> metric;  // The leading one; absent where nothing can be scored.
  std::size_t contestants = 0;             // That have values of it.

  std::string leader;  // Best mean, or the only contestant.
  Estimate leader_mean;
  std::vector<Gap> gaps;  // Of the leader to the others, as listed.
  bool leader_is_cheapest = false;
  bool others_are_cheaper = false;
  std::optional<Sufficient> sufficient;  // Of several, the cheapest that is.
  // Of two contestants: the one that costs less, where that is known, and the other; and, where the
  // cheaper does not suffice over all, what is shown by type of question.
  std::string cheaper, dearer;
  std::vector<TypeCount> suffices_for;
  std::vector<TypeGap> gains_for;
  std::vector<TypeCount> too_few;
};

VerdictFindings findings_of(const Evaluation& evaluation, const std::string& language,
                            const VerdictOptions& options);

}  // namespace saseo::eval
