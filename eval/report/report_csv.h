// An evaluation as CSV (RFC 4180, UTF-8): a row for each question and contestant, a column for each
// metric.
#pragma once

#include <string>

#include "eval/records/evaluation.h"

namespace saseo::eval {

// Lines end in CR LF. Texts that a spreadsheet would take for a formula get a leading "'"; an
// absent value is an empty cell. `language`: of the errors. Numbers are written so that they read back exactly.
std::string csv_report(const Evaluation& evaluation, Language language);

}  // namespace saseo::eval
