// A verdict's findings as sentences.
#pragma once

#include <string>

#include "eval/report/verdict_findings.h"

namespace saseo::eval {

std::string verdict_in_english(const VerdictFindings& findings);
std::string verdict_in_korean(const VerdictFindings& findings);

// "6", "6.3", "-0.4": one digit after the point, none where it is 0.
std::string short_number(double value);
// How many times: "4.1", "12", "0.35".
std::string times(double ratio);

// Ratios within 5 % of each other are called alike.
bool is_more(double ratio);
bool is_less(double ratio);

}  // namespace saseo::eval
