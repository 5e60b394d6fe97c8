// What a model made of a follow-up, checked before it is searched for: a bad question finds bad
// passages, whatever is written from them.
#pragma once

#include <string>
#include <string_view>

#include "generation/language_model.h"
#include "index/analyzer.h"

namespace saseo {

// The question in what the model wrote. Empty unless it is one line of sensible length that keeps
// each noun and number of the follow-up, names something of the conversation and brings in no noun
// or number of its own.
std::string checked_rewriting(std::string_view written, std::string_view followup,
                              const Turn& before, Analyzer& analyzer);

}  // namespace saseo
