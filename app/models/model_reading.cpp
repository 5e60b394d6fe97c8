#include "app/models/model_reading.h"

#include <algorithm>
#include <chrono>

#include "base/message.h"
#include "cli/terminal/progress.h"
#include "cli/advice.h"
#include "cli/say.h"
#include "engine/model/model_panels.h"
#include "engine/model/prepacked.h"

namespace saseo::cli {
namespace {

constexpr std::size_t kStep = 32 << 20;               // Between two looks at the clock.
constexpr std::size_t kPart = 8 << 20;                // Of a step, for one thread.
constexpr std::chrono::milliseconds kQuietTime{300};  // Before anything is shown.

// Shows the share of `all` bytes that on_bytes() was told of, once that took a while.
class ReadingProgress {
 public:
  ReadingProgress(Console& console, bool shown, std::string what, std::uint64_t all)
      : bar_(console, shown), what_(std::move(what)), all_(all) {}
  LongRead read(const std::stop_token& stop) {
    return {.stop = stop, .on_bytes = [this](std::uint64_t more) { add(more); }};
  }
  void add(std::uint64_t more) {
    done_ = std::min(all_, done_ + more);
    if (std::chrono::steady_clock::now() - start_ > kQuietTime) bar_.show_share(what_, done_, all_);
  }

 private:
  ProgressBar bar_;
  std::string what_;
  std::uint64_t all_;
  std::uint64_t done_ = 0;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Takes the prepacked weights where they are there and fit.
Status use_prepacked_weights(Session& session, Model& model, const ReadingOptions& options,
                             const std::stop_token& stop) {
  if (options.path.empty()) return {};
  const std::filesystem::path file = prepacked_path(options.path);
  Status used = use_prepacked(model, file);
  if (!used.ok() && options.write_prepacked && prepacked_bytes(model) != 0) {
    used = prepack_model(session, model, options, false, stop);
    if (used.ok()) used = use_prepacked(model, file);
    if (!used.ok() && used.error().code == ErrorCode::kCancelled) return used;
    if (!used.ok())
      session.warn(say("without prepacked weights: {}", "재배열 파일 없이 계속합니다: {}",
                       told(used.error())));
    return {};
  }
  if (!used.ok() && used.error().code != ErrorCode::kNotFound)
    session.warn(say("prepacked weights are not used: {}", "재배열 파일을 쓰지 않습니다: {}",
                     told(used.error())));
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

Status read_model(Session& session, Model& model, const ReadingOptions& options,
                  std::stop_token stop) {
  SASEO_RETURN_IF_ERROR(use_prepacked_weights(session, model, options, stop));
  ReadingProgress progress(session.console, session.console.err.is_terminal(),
                           without_controls(model.name), model.file_bytes);
  ThreadPool pool(options.threads);
  SASEO_RETURN_IF_ERROR(arrange_in_panels(model, pool, progress.read(stop)));
  SASEO_RETURN_IF_ERROR(populate(model.prepacked, model, pool, progress, stop));
  if (!session.console.err.is_terminal()) return {};
  for (const MappedFile& file : model.files)
    SASEO_RETURN_IF_ERROR(populate(file, model, pool, progress, stop));
  return {};
}

Status prepack_model(Session& session, const Model& model, const ReadingOptions& options,
                     bool quiet, std::stop_token stop) {
  ReadingProgress progress(session.console, !quiet && session.console.err.is_terminal(),
                           say("rearranging {}", "{} 재배열", without_controls(model.name)),
                           prepacked_bytes(model));
  ThreadPool pool(options.threads);
  return write_prepacked(model, prepacked_path(options.path), pool, progress.read(stop));
}

}  // namespace saseo::cli
