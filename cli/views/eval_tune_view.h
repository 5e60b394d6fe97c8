// A tuning as people read it.
#pragma once

#include <string>

#include "cli/terminal/terminal.h"
#include "eval/tune/tune.h"

namespace saseo::cli {

// The best trials, the settings that changed, the scores of both halves, and what it is worth.
std::string tuning_view(const eval::Tuning& tuning, const Console& console);

}  // namespace saseo::cli
