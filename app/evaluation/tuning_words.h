// What a tuning is worth, in words: for people, and for the profile that it wrote.
#pragma once

#include <string>
#include <vector>

#include "eval/questions/question_set.h"
#include "eval/tune/tune.h"

namespace saseo::app {

// A gain in points as it is shown: never "-0.0".
double shown_points(double share);

// "On 44 held-out questions ...": the gain with its interval, or that none is shown.
std::string gain_words(const eval::Tuning& tuning);

// Of the profile: the set, the day, the figures. In the language of messages.
std::vector<std::string> profile_comments(const eval::Tuning& tuning, const eval::QuestionSet& set,
                                          const eval::TuneOptions& options);

}  // namespace saseo::app
