// Reading a model's files from disk before it runs, where a person waits for it.
#pragma once

#include <stop_token>

#include "base/result.h"
#include "cli/terminal.h"
#include "engine/model.h"

namespace saseo::cli {

// Arranges the weights for the kernels (engine/model_panels.h) with so many threads (0: every
// processor), with a line on a terminal that shows how far it is. What stays in mapped files is
// brought into memory on a terminal; elsewhere its pages come as they are used. Fails with
// kCancelled when stopped.
Status read_model(Console& console, Model& model, std::size_t threads, std::stop_token stop);

}  // namespace saseo::cli
