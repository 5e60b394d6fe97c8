#include "app/models/model_reading.h"

#include <algorithm>

#include "app/models/reading_progress.h"
#include "base/message.h"
#include "engine/model/model_panels.h"
#include "engine/model/prepacked.h"

namespace saseo::app {
namespace {

constexpr std::size_t kStep = 32 << 20;  // Between two looks at the clock.
constexpr std::size_t kPart = 8 << 20;   // Of a step, for one thread.

// Takes the prepacked weights where they are there and fit.
Status use_prepacked_weights(const Application& application, Model& model, const ReadingOptions& options,
                             const std::stop_token& stop) {
  if (options.path.empty()) return {};
  const std::filesystem::path file = prepacked_path(options.path);
  Status used = use_prepacked(model, file);
  if (!used.ok() && options.write_prepacked && prepacked_bytes(model) != 0) {
    used = prepack_model(application, model, options, stop);
    if (used.ok()) used = use_prepacked(model, file);
    if (!used.ok() && used.error().code == ErrorCode::kCancelled) return used;
    if (!used.ok())
      application.warn(say("without prepacked weights: {}", "재배열 파일 없이 계속합니다: {}",
                       used.error().message));
    return {};
  }
  if (!used.ok() && used.error().code != ErrorCode::kNotFound)
    application.warn(say("prepacked weights are not used: {}", "재배열 파일을 쓰지 않습니다: {}",
                     used.error().message));
  return {};
}

// Brings a mapped file into memory.
Status populate(const MappedFile& file, const Model& model, ThreadPool& pool,
                ReadingProgress& progress, const std::stop_token& stop) {
  for (std::size_t at = 0; at < file.bytes().size(); at += kStep) {
    if (stop.stop_requested())
      return make_error(ErrorCode::kCancelled, "stopped while {} was read", "{} 읽기를 멈췄습니다",
                        model.name);
    pool.for_each(kStep / kPart,
                  [&](std::size_t part, std::size_t) { file.populate(at + part * kPart, kPart); });
    progress.add(std::min(kStep, file.bytes().size() - at));
  }
  return {};
}

}  // namespace

Status read_model(const Application& application, Model& model, const ReadingOptions& options,
                  std::stop_token stop) {
  SASEO_RETURN_IF_ERROR(use_prepacked_weights(application, model, options, stop));
  ReadingProgress progress(application.listener, model.name, model.file_bytes);
  ThreadPool pool(options.threads);
  SASEO_RETURN_IF_ERROR(arrange_in_panels(model, pool, progress.read(stop)));
  SASEO_RETURN_IF_ERROR(populate(model.prepacked, model, pool, progress, stop));
  if (!application.reads_ahead) return {};
  for (const MappedFile& file : model.files)
    SASEO_RETURN_IF_ERROR(populate(file, model, pool, progress, stop));
  return {};
}

Status prepack_model(const Application& application, const Model& model,
                     const ReadingOptions& options, std::stop_token stop) {
  ReadingProgress progress(application.listener, say("rearranging {}", "{} 재배열", model.name),
                           prepacked_bytes(model));
  ThreadPool pool(options.threads);
  return write_prepacked(model, prepacked_path(options.path), pool, progress.read(stop));
}

}  // namespace saseo::app
