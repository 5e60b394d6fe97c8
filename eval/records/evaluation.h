// An evaluation: contestants x questions x metrics, with what the differences are worth. Made by
// evaluate.h from a run; read by every form of the report.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "eval/questions/question_set.h"
#include "eval/records/recorded_answer.h"

namespace saseo::eval {

enum class MetricGroup { kFinding, kAnswering, kTrust, kCost, kJudge };
enum class MetricUnit {
  kShare,
  kPoints,
  kCount,
  kSeconds,
  kTokens,
  kTokensPerSecond,
  kBytes,
  kJoules
};

// docs/metrics.md defines each.
struct MetricDefinition {
  std::string name;  // Stable, for programs: "facts", "rouge-l", "citation-precision".
  MetricGroup group = MetricGroup::kAnswering;
  MetricUnit unit = MetricUnit::kShare;  // kShare: 0 to 1; kPoints: 0 to 100.
  bool higher_is_better = true;
  bool yes_no = false;             // Every value is 0 or 1: McNemar's test applies.
  std::string label_en, label_ko;  // For tables.
};

// A mean with its confidence interval (95 %).
struct Estimate {
  double value = 0, low = 0, high = 0;
  std::size_t count = 0;  // Questions it stands on.
};

// Which questions: all where both are empty.
struct Slice {
  std::string language;  // "ko", "en"
  std::string type;
  friend auto operator<=>(const Slice&, const Slice&) = default;
};

struct MetricSummary {
  std::string metric;
  Slice slice;
  std::string contestant;
  Estimate estimate;
};

// `second` less `first`, over the questions that both answered.
struct Comparison {
  std::string metric;
  Slice slice;
  std::string first, second;
  Estimate difference;
  std::string test;              // "mcnemar", "permutation"
  double p = 1, p_adjusted = 1;  // Adjusted: Holm, over the family of this evaluation.
  std::size_t wins = 0, ties = 0,
              losses = 0;          // Of `second`; "better" heeds the metric's direction.
  double effect_size = 0;          // Cohen's d of the paired differences.
  double smallest_difference = 0;  // That this set could have shown (power 80 %, two-sided 5 %).
  bool significant() const { return p_adjusted < 0.05; }
};

// A score of all answers to a slice's questions together, as BLEU and chrF++ are meant to be read;
// the means of single answers stand in the summaries.
struct CorpusScore {
  std::string metric;
  Slice slice;
  std::string contestant;
  double value = 0;  // In the metric's unit.
};

struct Contestant {
  std::string name;
  std::string description;  // Kind of model, quantisation, settings: one line.
  std::optional<double> model_bytes;
  std::size_t answered = 0, refused = 0, failed = 0;
};

struct QuestionOutcome {
  Question question;
  std::map<std::string, RecordedAnswer> answers;                // By contestant.
  std::map<std::string, std::map<std::string, double>> values;  // By contestant, then metric.
};

// One sentence or two about one language's questions, and what it rests on.
struct Verdict {
  std::string language;  // "ko", "en"
  std::string sentence_en, sentence_ko;
};

// A judge's work on pairs of answers, and how far it can be trusted.
struct JudgeSummary {
  std::string judge;          // Its model's name.
  std::size_t pairs = 0;      // Pairs of answers to compare. Of them:
  std::size_t judged = 0;     // in both orders;
  std::size_t settled = 0;    // without the judge (judge.h);
  std::size_t failed = 0;     // the judge failed;
  std::size_t missing = 0;    // not yet, or not since an answer changed.
  std::size_t malformed = 0;  // Verdicts that had to be asked for again.
  // Over the questions with judged pairs: what the answer shown first wins (a tie is half a win)
  // less 0.5, from -0.5 to 0.5; pairs with the same winner in both orders, 0 to 1.
  Estimate position_bias, agreement;
};

struct Evaluation {
  std::string set_name, set_hash, library, index_hash, created;  // created: RFC 3339, UTC.
  std::string saseo_version;
  std::string machine;  // Processor, threads, memory: one line.
  bool draft = false;
  std::vector<Contestant> contestants;
  std::vector<MetricDefinition> metrics;  // Those with a value, in the order to show.
  std::vector<MetricSummary> summaries;
  std::vector<CorpusScore> corpus_scores;
  std::vector<Comparison> comparisons;
  std::vector<Verdict> verdicts;
  std::vector<QuestionOutcome> outcomes;
  std::optional<JudgeSummary> judge;  // Where the run was judged.
  // For people: gold sections that the library lacks, questions that failed, what could not be
  // measured here, a judge that contests.
  std::vector<Message> warnings;
  std::map<std::string, std::string> signatures;  // Of metrics that have one: "bleu": "nrefs:1|..."
};

}  // namespace saseo::eval
