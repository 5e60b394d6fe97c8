#include "cli/model_reading.h"

#include <sys/mman.h>

#include <algorithm>
#include <chrono>

#include "base/message.h"
#include "cli/progress.h"
#include "engine/model_panels.h"

namespace saseo::cli {
namespace {

constexpr std::size_t kStep = 16 << 20;  // Between two looks at the clock.
constexpr std::size_t kPage = 4096;
constexpr std::chrono::milliseconds kPatience{300};  // Before anything is shown.

// Reads a byte of each page.
void touch(std::span<const std::byte> bytes) {
  ::madvise(const_cast<std::byte*>(bytes.data()), bytes.size(), MADV_WILLNEED);
  for (std::size_t i = 0; i < bytes.size(); i += kPage)
    static_cast<void>(*static_cast<const volatile std::byte*>(bytes.data() + i));
}

}  // namespace

Status read_model(Console& console, Model& model, std::size_t threads, std::stop_token stop) {
  ProgressBar progress(console, console.err.is_terminal());
  std::uint64_t done = 0;
  const auto start = std::chrono::steady_clock::now();
  const auto show = [&](std::uint64_t more) {
    done += more;
    if (std::chrono::steady_clock::now() - start > kPatience)
      progress.show_share(without_controls(model.name), done, model.file_bytes);
  };
  ThreadPool pool(threads);
  SASEO_RETURN_IF_ERROR(arrange_in_panels(model, pool, {.stop = stop, .on_bytes = show}));
  if (!console.err.is_terminal()) return {};
  for (const MappedFile& file : model.files) {
    for (std::size_t at = 0; at < file.bytes().size(); at += kStep) {
      if (stop.stop_requested())
        return make_error(ErrorCode::kCancelled, "stopped while {} was read",
                          "{} 읽기를 멈췄습니다", model.name);
      touch(file.bytes().subspan(at, std::min(kStep, file.bytes().size() - at)));
      show(std::min(kStep, file.bytes().size() - at));
    }
  }
  return {};
}

}  // namespace saseo::cli
