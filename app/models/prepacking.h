// The weights of a model, rearranged for the kernels, as a file beside it: made and deleted.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>

#include "app/models/model_loading.h"
#include "app/settings/application.h"

namespace saseo::app {

struct PrepackedFile {
  std::filesystem::path file;
  std::uint64_t bytes = 0;
  double seconds = 0;  // That writing it took.
};

// Writes the file anew and tells the listener how far it is. Fails with kCancelled when stopped.
Result<PrepackedFile> write_prepacked_file(const Application& application,
                                           const ModelReference& reference, std::stop_token stop);
// Deletes it; fails where there is none.
Result<PrepackedFile> remove_prepacked_file(const ModelReference& reference);
// The file beside the model at that path, where there is one.
std::optional<PrepackedFile> prepacked_file_beside(const std::filesystem::path& model);

}  // namespace saseo::app
