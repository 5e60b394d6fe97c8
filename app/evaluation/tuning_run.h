// `saseo eval tune`: settings of search and passages chosen on one half of the questions, judged on
// the other, and written as a profile.
#pragma once

#include <memory>

#include "cli/commands/commands.h"
#include "app/evaluation/evaluation_run.h"

namespace saseo::cli {

// `present`: what the command line of `eval` sets beside the profile in force (--passages, ...).
void add_eval_tune(CLI::App& eval, Run& run, const std::shared_ptr<EvalArguments>& present);

}  // namespace saseo::cli
