// A judge's work and how far it can be trusted, as lines that every form of the report shows.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "eval/records/evaluation.h"
#include "eval/report/words.h"

namespace saseo::eval {

// "Agrees with itself" -> "85.0 % [76.1, 91.9]"; what there is none of is left out.
std::vector<std::pair<std::string, std::string>> judge_lines(const JudgeSummary& judge,
                                                             const Words& words);

}  // namespace saseo::eval
