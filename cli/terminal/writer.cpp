#include "cli/terminal/writer.h"

#include <unistd.h>

#include <cerrno>

namespace saseo::cli {
namespace {
constexpr std::size_t kMaxKept = 64 * 1024;
}

Writer::Writer(int fd) : fd_(fd), is_terminal_(::isatty(fd) == 1) {}

void Writer::write(std::string_view text) {
  if (failure_ != 0) return;
  kept_ += text;
  if (kept_.size() >= kMaxKept) flush();
}

void Writer::write_line(std::string_view text) {
  write(text);
  write("\n");
  flush();
}

void Writer::flush() {
  std::string_view rest = kept_;
  while (!rest.empty() && failure_ == 0) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      failure_ = errno;
    }
  }
  kept_.clear();
}

}  // namespace saseo::cli
