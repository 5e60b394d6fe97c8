// Reading a model's weights before it runs.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stop_token>

#include "base/result.h"
#include "app/settings/application.h"
#include "engine/model/model.h"

namespace saseo::app {

struct ReadingOptions {
  std::filesystem::path path;    // What the model was opened from; empty: prepacked weights beside
                                 // it are not looked for.
  bool write_prepacked = false;  // Where there are none that fit.
  std::size_t threads = 0;       // 0: every processor.
};

// Maps the prepacked weights beside the model (engine/model/prepacked.h) or arranges the weights
// for the kernels (engine/model/model_panels.h), and tells the listener how far it is. Prepacked
// weights that do not fit, or cannot be written, are a warning. They are brought into memory, other
// mapped files only where the application reads ahead. Fails with kCancelled when stopped.
Status read_model(const Application& application, Model& model, const ReadingOptions& options,
                  std::stop_token stop);

// Writes the prepacked weights of a model that is not in panels, and tells how far it is.
Status prepack_model(const Application& application, const Model& model,
                     const ReadingOptions& options, std::stop_token stop);

}  // namespace saseo::app
