// saseo eval tune: settings of search and passages chosen on half of the questions.
#pragma once

#include <memory>

#include "cli/commands/commands.h"
#include "cli/commands/eval_run.h"

namespace saseo::cli {

// `present`: what the command line of `eval` sets beside the profile in force (--passages, ...).
void add_eval_tune(CLI::App& eval, Run& run, const std::shared_ptr<EvalArguments>& present);

}  // namespace saseo::cli
