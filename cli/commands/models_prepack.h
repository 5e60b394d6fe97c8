// saseo models prepack: the weights of a model, rearranged for the kernels, as a file beside it.
#pragma once

#include <filesystem>
#include <string>

#include "cli/terminal/terminal_session.h"

namespace saseo::cli {

// Writes the file anew, or deletes it, and says where it is and how large.
int prepack_command(TerminalSession& session, const std::string& model, bool remove, bool json);

// Where a model is taken off the list: that its file stays.
void warn_of_prepacked(TerminalSession& session, const std::filesystem::path& model);

}  // namespace saseo::cli
