// What settings are worth: questions asked of the extractive model through the whole way, each with
// a credit from 0 to 1.
//
//   answerable    of the required facts, the share that the answer holds; without facts, 1 when a
//                 gold section is cited; without gold sections, the share of relevant documents
//                 among the passages; without either, F1 against the references. 0 of a refusal.
//   unanswerable  1 when it is refused
//
//   score = (1 - w) * mean credit of the answerable + w * share of the unanswerable refused
//
// w is the share of unanswerable questions, so that every question counts alike, or what is given:
// 0.5 makes of it a balanced accuracy (Brodersen et al., ICPR 2010), which does not reward who
// answers everything because most questions have an answer. Sets have few unanswerable questions:
// the larger w, the more the score hangs on them, and the wider its interval is.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "base/result.h"
#include "eval/questions/question_set.h"
#include "eval/records/recorded_answer.h"
#include "eval/statistics/confidence_interval.h"
#include "eval/tune/rechunked_libraries.h"
#include "generation/answer_settings.h"

namespace saseo::eval {

// nullopt where the question has nothing to judge an answer by.
std::optional<double> credit_of(const Question& question, const RecordedAnswer& answer);

// Credits by question, in the order in which they were asked; nullopt is passed over.
struct Credits {
  std::vector<double> answerable, unanswerable;
};

struct ScoreFigures {
  double score = 0;     // As above.
  double answered = 0;  // Mean credit of the answerable.
  double refused = 0;   // Share of the unanswerable that was refused.
  std::size_t answerable = 0, unanswerable = 0;
};
ScoreFigures figures_of(const Credits& credits, std::optional<double> refusal_weight);

// Mean and interval of score, answered and refused of `second` less those of `first`; of the same
// questions, as both scored them.
struct ScoreGain {
  double score = 0, answered = 0, refused = 0;
  Interval score_interval, answered_interval, refused_interval;
};
ScoreGain gain_of(const Credits& first, const Credits& second, std::optional<double> refusal_weight,
                  const IntervalOptions& options);

// Thread-compatible. Keeps what the last few searches found, so that settings which differ in
// passages or threshold alone share it.
class SettingsScorer {
 public:
  // Borrows both.
  SettingsScorer(std::span<const Question> questions, RechunkedLibraries& libraries);
  SettingsScorer(SettingsScorer&&) noexcept;
  SettingsScorer& operator=(SettingsScorer&&) noexcept;
  ~SettingsScorer();

  struct Observer {
    std::function<void(std::size_t done)> on_question;         // May be empty.
    std::function<void(const IngestProgress&)> on_rechunking;  // Likewise.
  };
  // Of the questions at these positions.
  Result<Credits> score(const AnswerSettings& settings, std::span<const std::size_t> which,
                        const Observer& observer, std::stop_token stop);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace saseo::eval
