// Evaluations and runs as people read them at a terminal.
#pragma once

#include <string>
#include <vector>

#include "app/evaluation/runs.h"
#include "cli/terminal/terminal.h"
#include "eval/records/evaluation.h"

namespace saseo::cli {

// The verdicts, the metrics over all questions of each language, what the answers cost, warnings.
std::string evaluation_view(const eval::Evaluation& evaluation, const Console& console);
// Every metric of two contestants with the difference, its interval and test, over each slice.
std::string comparison_view(const eval::Evaluation& evaluation, const Console& console);
std::string runs_view(const std::vector<app::ListedRun>& runs, const Console& console);

// "0.84", "12.3 s", "1.6 GiB": a value in its metric's unit. A share in per cent.
std::string metric_words(double value, eval::MetricUnit unit);

}  // namespace saseo::cli
