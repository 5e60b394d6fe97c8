// Answers and what was found, as a run records them.
#pragma once

#include <string>
#include <string_view>

#include "eval/records/recorded_answer.h"
#include "generation/answerer.h"

namespace saseo::eval {

// "1. 전원을 켜세요. [1]" -> "1. 전원을 켜세요.": numbers in brackets and "[?]" before the end of a
// sentence or line are left out.
std::string without_citations(std::string_view text);

// Hits and passages; the rest is empty.
RecordedAnswer record_of(const FoundPassages& found, const Library& library);

// Adds what the model wrote. Cost: times and tokens.
void add_answer(RecordedAnswer& record, const Answer& answer);

}  // namespace saseo::eval
