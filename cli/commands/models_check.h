// saseo models check: the self-test of a model file (app/models/model_check.h).
#pragma once

#include <string>

#include "cli/terminal/terminal_session.h"

namespace saseo::cli {

// Each finding is shown as it comes. The exit code is that of the first fault.
int check_model_command(TerminalSession& session, const std::string& model, bool json);

}  // namespace saseo::cli
