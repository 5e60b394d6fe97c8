#include "app/evaluation/tuning_words.h"

#include <cmath>

#include "base/message.h"
#include "eval/run/resources.h"

namespace saseo::app {
namespace {

std::size_t held_out_count(const eval::Tuning& tuning) {
  return tuning.present_held_out.answerable + tuning.present_held_out.unanswerable;
}

}  // namespace

double shown_points(double share) { return std::round(share * 1000) / 10 + 0.0; }

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

}  // namespace saseo::app
