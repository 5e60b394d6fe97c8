// --model and the options that go with it, the same for every command that runs a model file.
#pragma once

#include "app/models/answering_model.h"
#include "app/models/model_loading.h"

namespace CLI {
class App;
}

namespace saseo::cli {

// For commands that need a model file.
void add_model_option(CLI::App& command, app::ModelOptions& arguments);
// --context, --kv, --threads, --memory, --prepack, --speculate, --draft-model, --kv-cache-dir,
// --kv-cache-size
void add_run_options(CLI::App& command, app::ModelOptions& arguments);

// --model and, in a group of their own, what only model files take.
void add_answering_options(CLI::App& command, app::AnsweringOptions& arguments);
// That group alone.
void add_model_file_options(CLI::App& command, app::AnsweringOptions& arguments);

}  // namespace saseo::cli
