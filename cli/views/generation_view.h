// How a chat model came to an answer, as people read it.
#pragma once

#include <functional>
#include <string>

#include "generation/answer.h"

namespace saseo::cli {

// Receives a name and what belongs to it.
using ExplainLine = std::function<void(std::string_view name, const std::string& value)>;

// Token plan, reuse, speeds, what was checked and what was flagged. Nothing where no chat model
// was asked.
void explain_generation(const Answer& answer, const ExplainLine& line);

// What a reader of the answer must know without asking: what "[?]" means, that the answer was cut,
// that passages had no room. One line each; mostly empty.
std::string notes_of(const Answer& answer);

}  // namespace saseo::cli
