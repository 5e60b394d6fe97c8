// The baseline that answers every question with the whole passage that was found first, and writes
// nothing: a model that scores below it would be better left out. Long-answer sets reward it, so
// its figures stand beside those of models.
#pragma once

#include <string>
#include <string_view>

#include "eval/recorded_answer.h"

namespace saseo::eval {

inline constexpr std::string_view kEchoBaseline = "echo-top-section";  // As a contestant.

// The text of the first of answer.passages; empty where nothing was found.
std::string echo_answer(const RecordedAnswer& answer);

}  // namespace saseo::eval
