#include "app/models/prepacking.h"

#include <chrono>

#include "app/models/model_reading.h"
#include "base/files.h"
#include "engine/model/prepacked.h"

namespace saseo::app {
namespace fs = std::filesystem;

Result<PrepackedFile> write_prepacked_file(const Application& application,
                                           const ModelReference& reference, std::stop_token stop) {
  const auto start = std::chrono::steady_clock::now();
  SASEO_ASSIGN_OR_RETURN(const Model model, open_reference(application, reference));
  const std::vector<MappedFileGuard> guards = guards_of(model, reference.path);
  SASEO_RETURN_IF_ERROR(
      prepack_model(application, model, {.path = reference.path}, std::move(stop)));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  return PrepackedFile{prepacked_path(reference.path), prepacked_bytes(model), taken.count()};
}

Result<PrepackedFile> remove_prepacked_file(const ModelReference& reference) {
  PrepackedFile removed = {.file = prepacked_path(reference.path)};
  std::error_code failure;
  removed.bytes = fs::file_size(removed.file, failure);
  if (failure || !fs::remove(removed.file, failure))
    return io_error(removed.file, failure.value());
  return removed;
}

std::optional<PrepackedFile> prepacked_file_beside(const fs::path& model) {
  PrepackedFile found = {.file = prepacked_path(model)};
  std::error_code failure;
  found.bytes = fs::file_size(found.file, failure);
  if (failure) return std::nullopt;
  return found;
}

}  // namespace saseo::app
