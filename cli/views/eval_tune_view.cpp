#include "cli/views/eval_tune_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/settings/profile.h"
#include "cli/views/text_table.h"
#include "cli/advice.h"
#include "cli/say.h"
#include "eval/run/resources.h"

namespace saseo::cli {
namespace {

constexpr std::size_t kTrialsShown = 10;

// A gain in points as it is shown: never "-0.0".
double shown_points(double share) { return std::round(share * 1000) / 10 + 0.0; }

std::string points(double share) { return fmt::format("{:.1f}", share * 100); }
// "+3.8 (-0.4 to 7.1)"
std::string gain_points(double gain, const eval::Interval& interval) {
  return say("{:+.1f} ({:.1f} to {:.1f})", "{:+.1f} ({:.1f} ~ {:.1f})", shown_points(gain),
             shown_points(interval.low), shown_points(interval.high));
}

// Settings by key where the two differ: name, present, winner.
std::vector<std::vector<std::string>> changes(const eval::Tuning& tuning) {
  std::vector<std::vector<std::string>> rows;
  const auto present = profile_values(tuning.present);
  const auto winner = profile_values(tuning.winner);
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

std::size_t held_out_count(const eval::Tuning& tuning) {
  return tuning.present_held_out.answerable + tuning.present_held_out.unanswerable;
}

Json figures_json(const eval::ScoreFigures& figures) {
  return {{"score", figures.score},
          {"answered", figures.answered},
          {"refused", figures.refused},
          {"answerable", figures.answerable},
          {"unanswerable", figures.unanswerable}};
}

// Values are of few kinds: numbers, and true or false.
Json settings_json(const AnswerSettings& settings) {
  Json json = Json::object();
  for (const auto& [key, value] : profile_values(settings))
    json[key] = Json::parse(value, nullptr, false);
  return json;
}

Json gain_json(double value, const eval::Interval& interval) {
  return {{"value", value}, {"low", interval.low}, {"high", interval.high}};
}

}  // namespace

std::string gain_words(const eval::Tuning& tuning) {
  if (!tuning.changed())
    return say("None of {} trials scored more than the present settings: they stay.",
               "{}번 시도했지만 지금 설정보다 나은 점수가 없어 그대로 둡니다.",
               tuning.trials.size());
  const eval::ScoreGain& gain = tuning.held_out_gain;
  const double value = shown_points(gain.score), low = shown_points(gain.score_interval.low),
               high = shown_points(gain.score_interval.high);
  if (tuning.shows_gain())
    return say(
        "On {} held-out questions the winner scores {:.1f} points more than the present "
        "settings (95 % interval {:.1f} to {:.1f}).",
        "확인용 질문 {}개에서 고른 설정은 지금 설정보다 {:.1f}점 높습니다"
        "(95 % 신뢰구간 {:.1f} ~ {:.1f}).",
        held_out_count(tuning), value, low, high);
  if (gain.score_interval.high < 0)
    return say(
        "On {} held-out questions the winner scores {:.1f} points less than the present "
        "settings (95 % interval of the gain {:.1f} to {:.1f}): it was luck on the "
        "questions it was chosen on.",
        "확인용 질문 {}개에서 고른 설정은 지금 설정보다 {:.1f}점 낮습니다"
        "(이득의 95 % 신뢰구간 {:.1f} ~ {:.1f}). 고를 때 쓴 질문에서만 좋았던 것입니다.",
        held_out_count(tuning), -value, low, high);
  return say(
      "No gain is shown: on {} held-out questions the winner's score differs from the "
      "present settings' by {:+.1f} points (95 % interval {:.1f} to {:.1f}), which may be "
      "chance.",
      "이득이 확인되지 않았습니다. 확인용 질문 {}개에서 고른 설정과 지금 설정의 점수 차는 "
      "{:+.1f}점(95 % 신뢰구간 {:.1f} ~ {:.1f})으로, 우연일 수 있습니다.",
      held_out_count(tuning), value, low, high);
}

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
  out += gain_words(tuning) + "\n";
  for (const Notice& note : tuning.notes) out += say("Note: ", "참고: ") + told(note) + "\n";
  return out;
}

Json tuning_json(const eval::Tuning& tuning) {
  Json trials = Json::array(), notes = Json::array();
  for (const eval::TuneTrial& trial : tuning.trials) {
    Json json = {{"setting", trial.name}, {"value", trial.value}};
    json.update(figures_json(trial.figures));
    json["taken"] = trial.taken;
    trials.push_back(std::move(json));
  }
  for (const Notice& note : tuning.notes) notes.push_back(told(note));
  const eval::ScoreGain& gain = tuning.held_out_gain;
  return {{"version", kJsonVersion},
          {"tuning_questions", tuning.split.tuning.size()},
          {"held_out_questions", tuning.split.held_out.size()},
          {"split_of_the_set", tuning.split.own},
          {"finished", tuning.finished},
          {"changed", tuning.changed()},
          {"gain_shown", tuning.shows_gain()},
          {"present",
           {{"settings", settings_json(tuning.present)},
            {"tuning", figures_json(tuning.present_tuning)},
            {"held_out", figures_json(tuning.present_held_out)}}},
          {"winner",
           {{"settings", settings_json(tuning.winner)},
            {"tuning", figures_json(tuning.winner_tuning)},
            {"held_out", figures_json(tuning.winner_held_out)}}},
          {"gain",
           {{"score", gain_json(gain.score, gain.score_interval)},
            {"answered", gain_json(gain.answered, gain.answered_interval)},
            {"refused", gain_json(gain.refused, gain.refused_interval)}}},
          {"summary", gain_words(tuning)},
          {"trials", std::move(trials)},
          {"notes", std::move(notes)}};
}

std::vector<std::string> profile_comments(const eval::Tuning& tuning, const eval::QuestionSet& set,
                                          const eval::TuneOptions& options) {
  const std::string weight = options.refusal_weight
                                 ? say("right refusals count {} of the score",
                                       "점수에서 옳은 거절의 비중 {}", *options.refusal_weight)
                                 : say("every question counts alike", "모든 질문의 비중이 같음");
  return {say("Written by saseo eval tune on {}.", "saseo eval tune이 {}에 만듦.",
              eval::now_utc().substr(0, 10)),
          say("Question set: {} ({}), {} questions to choose on, {} held out.",
              "질문 세트: {} ({}), 고른 질문 {}개, 확인한 질문 {}개.", set.name, set.hash,
              tuning.split.tuning.size(), tuning.split.held_out.size()),
          say("Seed {}, {} trials, {}.", "시드 {}, 시도 {}번, {}.", options.seed,
              tuning.trials.size(), weight),
          gain_words(tuning)};
}

}  // namespace saseo::cli
