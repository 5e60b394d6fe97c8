#include "app/json/evaluation_json.h"

#include <nlohmann/json.hpp>

#include "app/evaluation/tuning_words.h"
#include "app/settings/profile.h"
#include "base/json.h"

namespace saseo::app {
namespace {

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
  for (const auto& [key, value] : profile_values(settings)) json[key] = parsed_json<Json>(value);
  return json;
}

Json gain_json(double value, const eval::Interval& interval) {
  return {{"value", value}, {"low", interval.low}, {"high", interval.high}};
}

}  // namespace

Json tuning_json(const eval::Tuning& tuning, const Wording& wording) {
  Json trials = Json::array(), notes = Json::array();
  for (const eval::TuneTrial& trial : tuning.trials) {
    Json json = {{"setting", trial.name}, {"value", trial.value}};
    json.update(figures_json(trial.figures));
    json["taken"] = trial.taken;
    trials.push_back(std::move(json));
  }
  for (const Notice& note : tuning.notes) notes.push_back(wording.tell(note));
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
          {"summary", wording.tell(gain_words(tuning))},
          {"trials", std::move(trials)},
          {"notes", std::move(notes)}};
}

Json runs_json(std::span<const ListedRun> runs) {
  Json list = Json::array();
  for (const ListedRun& run : runs) {
    list.push_back({{"name", run.name},
                    {"path", run.path.string()},
                    {"questions", run.questions},
                    {"answers", run.answers},
                    {"failed", run.failed},
                    {"contestants", run.contestants},
                    {"created", run.info.created},
                    {"finished", run.info.finished}});
  }
  return {{"runs", std::move(list)}};
}

Result<std::string> answer_lines(const eval::RunStore& run) {
  SASEO_ASSIGN_OR_RETURN(const std::vector<eval::RecordedAnswer> answers, run.answers());
  std::string lines;
  for (const eval::RecordedAnswer& answer : answers) {
    if (answer.error || answer.searched_only) continue;
    Json line = {{"id", answer.question_id},
                 {"model", answer.contestant},
                 {"answer", answer.text},
                 {"refused", answer.refused},
                 {"citations", Json::array()}};
    for (const eval::RecordedCitation& citation : answer.citations) {
      std::string section;
      for (const std::string& heading : citation.heading_path)
        section += (section.empty() ? "" : " > ") + heading;
      Json place = {{"document", citation.document}, {"section", section}};
      if (citation.page > 0) place["page"] = citation.page;
      line["citations"].push_back(std::move(place));
    }
    if (answer.cost.total_seconds) line["seconds"] = *answer.cost.total_seconds;
    lines += dump(line) + "\n";
  }
  return lines;
}

}  // namespace saseo::app
