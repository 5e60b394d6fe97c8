// From the values of every contestant on every question to means with intervals, and to differences
// of every pair of contestants with what they are worth; over all questions, by language, by type
// of question, and by both.
//
// Intervals and tests: docs/statistics.md. Questions are taken as independent; follow-ups that
// share a subject are a little less than that, so that intervals over them are a little too narrow.
//
// Holm's adjustment runs over families of comparisons that a reader reads together:
//  - per slice without a type: the leading metric of each group (leading_metric.h), all pairs. The
//    verdict reads this family alone, which is why it is small: adjusted for thirty metrics that
//    say much the same, no set of a hundred questions would show anything;
//  - per slice without a type: the other metrics of quality, all pairs;
//  - per language and metric: all types of question, all pairs (exploratory: a breakdown);
//  - per slice: cost, all pairs.
// A comparison in which no question differs cannot be significant and counts for no family (Tarone,
// Biometrics 1990): finding, where all contestants read the same passages.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/records/evaluation.h"
#include "eval/statistics/confidence_interval.h"
#include "eval/statistics/leading_metric.h"

namespace saseo::eval {

struct CompareOptions {
  std::size_t resamples = 10000;
  std::uint64_t seed = 1;   // The same data and seed give the same figures, whatever the threads.
  std::size_t threads = 0;  // 0: as many as there are processors.
  LeadingOptions leading;
};

struct Compared {
  std::vector<MetricSummary> summaries;  // Slice by slice, then by metric and contestant.
  std::vector<Comparison> comparisons;   // Slice by slice, then by metric and pair.
  std::vector<Message> warnings;         // What pairs leave out.
};

// Contestants in the order in which they are listed: the earlier of a pair is `first`.
// A question on which a contestant failed counts for none of its means and pairs. Values that are
// not finite are passed over. What has no values is left out of both lists.
Compared compare(const std::vector<QuestionOutcome>& outcomes,
                 const std::vector<MetricDefinition>& metrics,
                 const std::vector<Contestant>& contestants, const CompareOptions& options = {});

// The values of two contestants on the questions of a slice on which both have one and neither
// failed.
struct PairedValues {
  std::vector<double> first, second;
  std::vector<double> differences() const;  // second - first.
};
PairedValues paired_values(const std::vector<QuestionOutcome>& outcomes, const std::string& metric,
                           const Slice& slice, const std::string& first, const std::string& second);

// The interval of the mean difference, by the method that fits the metric: Tango's for yes/no.
Interval difference_interval(const PairedValues& values, const MetricDefinition& metric,
                             const IntervalOptions& options);

bool is_in(const Question& question, const Slice& slice);

}  // namespace saseo::eval
