// The options that say how the next token is chosen.
#pragma once

#include <string>

#include "app/models/sampling_choice.h"

namespace CLI {
class App;
}

namespace saseo::cli {

// `temperature`: what the help says of it, as its default differs.
void add_sampling_options(CLI::App& command, app::SamplingChoice& arguments,
                          const std::string& temperature);

}  // namespace saseo::cli
