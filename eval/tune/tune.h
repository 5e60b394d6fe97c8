// Tuning: searches settings that score better (settings_scorer.h) on one half of the questions, and
// tells on the other half what the winner is worth.
//
// Coordinate search: the present settings are the point to begin at. One setting after the other,
// in an order drawn by the seed, is tried at every value of its grid (tuning_grid.h) while the
// others stay; the best value is taken where it scores more than the point does (ties change
// nothing). It ends when a round over all settings takes nothing, or when the trials are used up; a
// point that was tried before costs no trial. The held-out questions are asked of two settings
// only, the present ones and the winner: whoever tries many settings on them finds the one that is
// lucky there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "eval/tune/settings_scorer.h"
#include "eval/tune/tuning_split.h"

namespace saseo::eval {

struct TuneOptions {
  std::size_t trials = 60;  // At most, the present settings aside.
  std::uint64_t seed = 1;   // Of the split, the order and the intervals.
  // What right refusals count in the score, 0 to 1; nullopt: every question counts alike.
  std::optional<double> refusal_weight;
  ReadOptions read;  // How manuals are read for other sizes of chunks.
};

struct TuneTrial {
  std::string name, value;  // What differs from the best before: "threshold", "0.4".
  ScoreFigures figures;     // On the questions for tuning.
  bool taken = false;
};

struct Tuning {
  TuningSplit split;
  AnswerSettings present, winner;
  std::vector<TuneTrial> trials;  // In the order of the search.
  bool finished = false;  // A whole round took nothing; else the trials were used up before.
  ScoreFigures present_tuning, winner_tuning, present_held_out, winner_held_out;
  ScoreGain held_out_gain;
  std::vector<Notice> notes;  // For people: what was not searched and why.

  bool changed() const;  // The winner is not the present settings.
  // The whole interval of the held-out gain is above nothing.
  bool shows_gain() const { return changed() && held_out_gain.score_interval.low > 0; }
};

struct TuneProgress {
  std::size_t trial = 0, trials = 0;           // 0: the present settings.
  std::size_t question = 0, questions = 0;     // Of this trial.
  bool held_out = false;                       // The last part.
  double best = 0;                             // Score so far.
  const IngestProgress* rechunking = nullptr;  // While manuals are read again.
};

// `present`: its chunk_tokens is what the library was ingested with, as far as that is known.
// kBadInput where a half has no question that can be judged; kCancelled when stopped.
Result<Tuning> tune(std::span<const Question> questions, const std::filesystem::path& library,
                    const AnswerSettings& present, const TuneOptions& options,
                    const std::function<void(const TuneProgress&)>& on_progress,
                    std::stop_token stop);

}  // namespace saseo::eval
