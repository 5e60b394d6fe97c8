// Reading a model's files from disk before it runs, where a person waits for it.
#pragma once

#include <stop_token>

#include "base/result.h"
#include "cli/terminal.h"
#include "engine/model.h"

namespace saseo::cli {

// On a terminal: brings the mapped files into memory, page by page, with a line that shows how far
// it is; what is in memory already costs next to nothing. Elsewhere the pages come as they are
// used. Fails with kCancelled when stopped.
Status read_model_files(Console& console, const Model& model, std::stop_token stop);

}  // namespace saseo::cli
