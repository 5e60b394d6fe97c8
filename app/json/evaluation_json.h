// JSON of tunings and of what runs of an evaluation hold (docs/json.md), version 1.
#pragma once

#include <span>
#include <string>

#include "app/evaluation/runs.h"
#include "app/json/json.h"
#include "eval/tune/tune.h"

namespace saseo::app {

Json tuning_json(const eval::Tuning& tuning);
Json runs_json(std::span<const ListedRun> runs);
// The answers of a run, one JSON object a line, as `saseo eval --answers` reads them.
Result<std::string> answer_lines(const eval::RunStore& run);

}  // namespace saseo::app
