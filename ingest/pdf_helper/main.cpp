// saseo-pdf: reads a PDF inside a sandbox and writes what it finds to standard output in the
// format of ingest/block_pipe.h.
//
//   saseo-pdf text   [options] FILE              words of all pages
//   saseo-pdf render [options] --page N FILE     one page as pixels
//   saseo-pdf --sandbox-status                   which walls stand on this machine, as JSON
//
// Options: --memory BYTES, --cpu SECONDS, --workers N, --dpi D, --password-stdin (the password is
// all of standard input: an argument would show in the list of processes). For tests, --draw-all
// looks for hidden words on plain pages too, and --tell-drawn says how many pages were drawn.
#include <fcntl.h>
#include <iconv.h>
#include <malloc.h>
#include <poppler-global.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <new>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/pdf_helper/modes.h"
#include "ingest/pdf_helper/sandbox.h"

namespace saseo::pdf_helper {
namespace {

// poppler itself ends with 1 when it is out of memory.
enum ExitCode { kDone = 0, kOutOfMemory = 1, kUsage = 2, kCannotOpen = 3 };

struct Arguments {
  std::string mode, file;
  SandboxLimits limits;
  Request request;
  bool password_on_stdin = false;
};

// poppler aborts when memory is short, and for other reasons: the parent is told which it was.
void on_abort(int) {
  constexpr std::size_t kStillSmall = 16 << 20;
  if (mmap(nullptr, kStillSmall, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
    _exit(kOutOfMemory);
  signal(SIGABRT, SIG_DFL);  // abort() raises it again.
}

template <typename Number>
bool parse(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<Arguments> parse_arguments(int count, char** values) {
  if (count < 3) return std::nullopt;
  Arguments out;
  out.mode = values[1];
  out.file = values[count - 1];
  for (int i = 2; i < count - 1; ++i) {
    const std::string_view name = values[i];
    if (name == "--password-stdin") {
      out.password_on_stdin = true;
      continue;
    }
    if (name == "--draw-all" || name == "--tell-drawn") {
      (name == "--draw-all" ? out.request.draw_all : out.request.tell_drawn) = true;
      continue;
    }
    if (++i >= count - 1) return std::nullopt;
    const std::string_view value = values[i];
    const bool ok = name == "--memory"    ? parse(value, out.limits.memory)
                    : name == "--cpu"     ? parse(value, out.limits.cpu_seconds)
                    : name == "--workers" ? parse(value, out.request.workers)
                    : name == "--page"    ? parse(value, out.request.page)
                    : name == "--dpi"     ? parse(value, out.request.dpi)
                                          : false;
    if (!ok) return std::nullopt;
  }
  const Request& request = out.request;
  const bool sensible = request.page >= 1 && request.dpi >= 1 && request.dpi <= 2400 &&
                        request.workers >= 1 && request.workers <= 16;
  if ((out.mode != "text" && out.mode != "render") || !sensible) return std::nullopt;
  return out;
}

std::string read_password() {
  std::string password;
  char bytes[256];
  while (password.size() < 4096) {
    const ssize_t got = read(STDIN_FILENO, bytes, sizeof(bytes));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    password.append(bytes, static_cast<std::size_t>(got));
  }
  return password;
}

// Maps the file before the sandbox closes. Empty when it cannot be read or is empty.
std::string_view map_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info {};
  if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size <= 0) return {};
  const std::size_t size = static_cast<std::size_t>(info.st_size);
  void* const start = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  close(fd);
  if (start == MAP_FAILED) return {};
  return {static_cast<const char*>(start), size};
}

int run(int count, char** values) {
  if (count == 2 && std::string_view(values[1]) == "--sandbox-status") {
    std::puts(to_json(probe_sandbox({})).c_str());
    return std::fflush(stdout) == 0 ? kDone : kCannotOpen;
  }
  std::optional<Arguments> arguments = parse_arguments(count, values);
  if (!arguments) {
    std::fputs("usage: saseo-pdf text|render [options] FILE, saseo-pdf --sandbox-status\n", stderr);
    return kUsage;
  }

  // Dies with its parent, and holds no file of it but the three that it was given.
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  syscall(SYS_close_range, 3, ~0u, 0);
  // Each arena takes 64 MiB of the address space.
  mallopt(M_ARENA_MAX, 2);
  std::set_new_handler([] { _exit(kOutOfMemory); });
  signal(SIGABRT, on_abort);
  // No file can grow in the sandbox: poppler's last words then fail to be written, no more.
  signal(SIGXFSZ, SIG_IGN);

  if (arguments->password_on_stdin) arguments->request.password = read_password();
  arguments->request.file = map_file(arguments->file);
  if (arguments->request.file.empty()) return kCannotOpen;
  if (arguments->limits.memory != 0) arguments->limits.memory += arguments->request.file.size();

  // poppler converts strings with iconv, which loads its tables on first use.
  const iconv_t warm_up = iconv_open("UTF-16", "UTF-8");
  if (warm_up != reinterpret_cast<iconv_t>(-1)) iconv_close(warm_up);
  poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);

  enter_sandbox(arguments->limits);
  arguments->mode == "text" ? write_text(arguments->request) : write_image(arguments->request);
  return kDone;
}

}  // namespace
}  // namespace saseo::pdf_helper

// Ends without destructors: there is nothing to tidy up that the kernel does not.
int main(int count, char** values) { _exit(saseo::pdf_helper::run(count, values)); }
