// The commands: each adds its options to the program and leaves in `run` what to do.
#pragma once

#include <functional>

#include "cli/terminal/terminal_session.h"

namespace CLI {
class App;
}

namespace saseo::cli {

// Set by the command that was named on the command line; gives the exit code.
using Run = std::function<int(TerminalSession&)>;

void add_ingest_command(CLI::App& program, Run& run);
void add_ask_command(CLI::App& program, Run& run);
void add_chat_command(CLI::App& program, Run& run);
void add_search_command(CLI::App& program, Run& run);
void add_library_command(CLI::App& program, Run& run);
void add_models_command(CLI::App& program, Run& run);
void add_eval_command(CLI::App& program, Run& run);
void add_generate_command(CLI::App& program, Run& run);
void add_tokenize_command(CLI::App& program, Run& run);
void add_doctor_command(CLI::App& program, Run& run);
void add_version_command(CLI::App& program, Run& run);

}  // namespace saseo::cli
