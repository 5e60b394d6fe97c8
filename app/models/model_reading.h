// Reading a model's weights before it runs, where a person waits for it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stop_token>

#include "base/result.h"
#include "cli/terminal/session.h"
#include "engine/model/model.h"

namespace saseo::cli {

struct ReadingOptions {
  std::filesystem::path path;    // What the model was opened from; empty: prepacked weights beside
                                 // it are not looked for.
  bool write_prepacked = false;  // Where there are none that fit.
  std::size_t threads = 0;       // 0: every processor.
};

// Maps the prepacked weights beside the model (engine/model/prepacked.h) or arranges the weights
// for the kernels (engine/model/model_panels.h), with a line on a terminal that shows how far it
// is. Prepacked weights that do not fit, or cannot be written, are a warning. They are brought into
// memory, other mapped files on a terminal only: elsewhere their pages come as they are used. Fails
// with kCancelled when stopped.
Status read_model(Session& session, Model& model, const ReadingOptions& options,
                  std::stop_token stop);

// Writes the prepacked weights of a model that is not in panels, with a line that shows how far.
Status prepack_model(Session& session, const Model& model, const ReadingOptions& options,
                     bool quiet, std::stop_token stop);

}  // namespace saseo::cli
