// A tuning as people and programs read it, and as its profile says where it comes from.
#pragma once

#include <string>
#include <vector>

#include "app/json/json_output.h"
#include "cli/terminal/terminal.h"
#include "eval/questions/question_set.h"
#include "eval/tune/tune.h"

namespace saseo::cli {

// The best trials, the settings that changed, the scores of both halves, and what it is worth.
std::string tuning_view(const eval::Tuning& tuning, const Console& console);

// "On 44 held-out questions ...": the gain with its interval, or that none is shown.
std::string gain_words(const eval::Tuning& tuning);

Json tuning_json(const eval::Tuning& tuning);

// Of the profile: the set, the day, the figures. In the language of messages.
std::vector<std::string> profile_comments(const eval::Tuning& tuning, const eval::QuestionSet& set,
                                          const eval::TuneOptions& options);

}  // namespace saseo::cli
