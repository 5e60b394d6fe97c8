// saseo models check: the self-test of a model file.
//
//   format    shapes, metadata and vocabulary hold together, as for every run
//   content   the files are there, with the size and SHA-256 of when they were registered
//   weights   no weight and no scale of a block is infinite or no number
//   prepacked where there is such a file: its checksums, and that it holds these weights
//   run       a short forward pass gives numbers; tokens a second
#pragma once

#include <string>

#include "cli/terminal/session.h"

namespace saseo::cli {

// Every part is tried, whatever an earlier one found, unless it cannot be. The exit code is that of
// the first fault.
int check_model(Session& session, const std::string& model, bool json);

}  // namespace saseo::cli
