// The baseline that answers every question with the whole passage that was found first, and writes
// nothing: a model that scores below it would be better left out. Long-answer sets reward it, so
// its figures stand beside those of models.
#pragma once

#include <memory>
#include <string_view>

#include "generation/language_model.h"

namespace saseo::eval {

inline constexpr std::string_view kEchoBaseline = "echo-top-section";  // As a contestant.

// Refuses where answers are refused; cites the passage that it says.
std::unique_ptr<LanguageModel> make_echo_model();

}  // namespace saseo::eval
