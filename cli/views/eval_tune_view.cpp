#include "cli/views/eval_tune_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/evaluation/tuning_words.h"
#include "app/settings/profile.h"
#include "base/message.h"
#include "cli/terminal/advice.h"
#include "cli/terminal/say.h"
#include "cli/views/text_table.h"
#include "eval/run/resources.h"

namespace saseo::cli {
namespace {

constexpr std::size_t kTrialsShown = 10;

std::string points(double share) { return fmt::format("{:.1f}", share * 100); }
// "+3.8 (-0.4 to 7.1)"
std::string gain_points(double gain, const eval::Interval& interval) {
  return say("{:+.1f} ({:.1f} to {:.1f})", "{:+.1f} ({:.1f} ~ {:.1f})", app::shown_points(gain),
             app::shown_points(interval.low), app::shown_points(interval.high));
}

// Settings by key where the two differ: name, present, winner.
std::vector<std::vector<std::string>> changes(const eval::Tuning& tuning) {
  std::vector<std::vector<std::string>> rows;
  const auto present = app::profile_values(tuning.present);
  const auto winner = app::profile_values(tuning.winner);
  for (std::size_t i = 0; i < present.size(); ++i) {
    if (present[i].second != winner[i].second)
      rows.push_back({present[i].first, present[i].second, winner[i].second});
  }
  return rows;
}

std::string trials_view(const eval::Tuning& tuning, const Console& console) {
  std::vector<const eval::TuneTrial*> best;
  for (const eval::TuneTrial& trial : tuning.trials) best.push_back(&trial);
  // Of equal scores the one that was taken first.
  std::ranges::stable_sort(best, std::ranges::greater{}, [](const eval::TuneTrial* trial) {
    return std::pair(trial->figures.score, trial->taken);
  });
  best.resize(std::min(best.size(), kTrialsShown));
  TextTable table;
  table.rows.push_back({say("trial", "시도"), say("value", "값"), say("score", "점수"),
                        say("answered", "답함"), say("refused", "거절"), ""});
  const auto add = [&](const std::string& name, const std::string& value,
                       const eval::ScoreFigures& figures, const std::string& note) {
    table.rows.push_back({name, value, points(figures.score), points(figures.answered),
                          points(figures.refused), note});
  };
  add(say("present settings", "지금 설정"), "", tuning.present_tuning, "");
  for (const eval::TuneTrial* trial : best)
    add(trial->name, trial->value, trial->figures, trial->taken ? say("taken", "채택") : "");
  return table.text(console);
}

std::string halves_view(const eval::Tuning& tuning, const Console& console) {
  const eval::ScoreGain& gain = tuning.held_out_gain;
  TextTable table;
  table.rows.push_back(
      {"", say("present", "지금"), say("winner", "선택"), say("gain (95 %)", "이득 (95 %)")});
  table.rows.push_back({say("tuning: score", "조정용: 점수"), points(tuning.present_tuning.score),
                        points(tuning.winner_tuning.score), say("chosen on it", "이것으로 고름")});
  table.rows.push_back({say("held out: score", "확인용: 점수"),
                        points(tuning.present_held_out.score), points(tuning.winner_held_out.score),
                        gain_points(gain.score, gain.score_interval)});
  table.rows.push_back({say("  answered", "  답함"), points(tuning.present_held_out.answered),
                        points(tuning.winner_held_out.answered),
                        gain_points(gain.answered, gain.answered_interval)});
  if (tuning.present_held_out.unanswerable > 0)
    table.rows.push_back({say("  refused", "  거절"), points(tuning.present_held_out.refused),
                          points(tuning.winner_held_out.refused),
                          gain_points(gain.refused, gain.refused_interval)});
  return table.text(console);
}

}  // namespace

std::string tuning_view(const eval::Tuning& tuning, const Console& console) {
  std::string out = say(
      "{} questions to choose on, {} held out{}; {} trials{}\n\n",
      "고를 질문 {}개, 확인할 질문 {}개{}. 시도 {}번{}\n\n", tuning.split.tuning.size(),
      tuning.split.held_out.size(),
      tuning.split.own ? say(" (the set's dev and test)", "(세트의 dev와 test)") : std::string(),
      tuning.trials.size(),
      tuning.finished ? say(", until nothing more was gained", ", 더 나아지지 않을 때까지")
                      : say(", all that were allowed", ", 허용한 만큼"));
  out += trials_view(tuning, console) + "\n";
  if (auto rows = changes(tuning); !rows.empty()) {
    TextTable table{std::move(rows)};
    table.rows.insert(table.rows.begin(),
                      {say("setting", "설정"), say("present", "지금"), say("winner", "선택")});
    out += table.text(console) + "\n" + halves_view(tuning, console) + "\n";
  }
  out += say(app::gain_words(tuning)) + "\n";
  for (const Notice& note : tuning.notes) out += say("Note: ", "참고: ") + told(note) + "\n";
  return out;
}

}  // namespace saseo::cli
