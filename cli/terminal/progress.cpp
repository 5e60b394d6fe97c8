#include "cli/terminal/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/message.h"
#include "cli/terminal/say.h"
#include "engine/runtime/memory_plan.h"

namespace saseo::cli {
namespace {

constexpr std::size_t kBarColumns = 20;
constexpr double kSecondsBetween = 0.1;  // Faster only flickers.
constexpr std::size_t kFileNameColumns = 32;

std::size_t columns_of_stderr() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

std::string progress_line(const IngestProgress& progress, std::size_t width) {
  const double in_file = progress.pages > 0 ? double(progress.pages_done) / progress.pages : 0;
  const double files = std::max<double>(1, static_cast<double>(progress.files));
  const double before = progress.file > 0 ? static_cast<double>(progress.file) - 1 : 0;
  const double share = std::clamp((before + in_file) / files, 0.0, 1.0);
  const auto filled = static_cast<std::size_t>(share * kBarColumns);
  std::string line = "[" + std::string(filled, '#') + std::string(kBarColumns - filled, '-') +
                     "] " +
                     fmt::format("{:>3.0f}%  {}/{} ", share * 100, progress.file, progress.files) +
                     clip(without_controls(progress.path.filename().string()), kFileNameColumns);
  const double pages = static_cast<double>(progress.pages_before) + progress.pages_done;
  if (progress.pages > 0)
    line += say("  page {}/{}", "  {}/{}쪽", progress.pages_done, progress.pages);
  if (pages > 0 && progress.seconds > 0.2)
    line += say("  {:.0f} pages/s", "  {:.0f}쪽/초", pages / progress.seconds);
  if (share > 0.02 && progress.seconds > 1)
    line += say("  {:.0f} s left", "  약 {:.0f}초 남음",
                std::ceil(progress.seconds * (1 - share) / share));
  return clip(line, width);
}

void ProgressBar::show(const IngestProgress& progress) {
  if (!active_ || (last_shown_ >= 0 && progress.seconds - last_shown_ < kSecondsBetween)) return;
  last_shown_ = progress.seconds;
  show_text(progress_line(progress, columns_of_stderr() - 1));
}

void ProgressBar::show_text(const std::string& text) {
  if (!active_) return;
  console_.err.write("\r\x1b[2K" + text);
  console_.err.flush();
  drawn_ = true;
}

void ProgressBar::show_share(const std::string& what, std::uint64_t bytes, std::uint64_t of_bytes) {
  if (!active_) return;
  const int share =
      of_bytes == 0 ? 100 : static_cast<int>(100.0 * double(bytes) / double(of_bytes));
  if (share == last_share_) return;
  last_share_ = share;
  show_text(clip(say("{}  {} %  {} of {}", "{}  {} %  {} / {}", what, std::min(share, 100),
                     format_bytes(std::min(bytes, of_bytes)), format_bytes(of_bytes)),
                 columns_of_stderr() - 1));
}

void ProgressBar::clear() {
  last_share_ = -1;  // Of another read next time.
  if (!drawn_) return;
  console_.err.write("\r\x1b[2K");
  console_.err.flush();
  drawn_ = false;
}

}  // namespace saseo::cli
