#include "ingest/pdf_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/files.h"
#include "base/message.h"

namespace saseo {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kReadBytes = 256 << 10;
constexpr std::size_t kMaxPassword = 4096;  // Fits into a pipe's buffer: writing never blocks.
constexpr std::chrono::milliseconds kStopPollInterval{100};

bool is_program(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && access(path.c_str(), X_OK) == 0;
}

struct Pipe {
  int read_end = -1, write_end = -1;
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(read_end);
    close_end(write_end);
  }
  // Both ends lie above the standard descriptors, so that dup2 in the child moves them.
  bool open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end = fcntl(ends[0], F_DUPFD_CLOEXEC, 3);
    write_end = fcntl(ends[1], F_DUPFD_CLOEXEC, 3);
    close(ends[0]);
    close(ends[1]);
    return read_end >= 0 && write_end >= 0;
  }
  static void close_end(int& fd) {
    if (fd >= 0) close(fd);
    fd = -1;
  }
};

// The helper needs nothing of the parent's environment, which may hold secrets.
std::vector<std::string> child_environment() {
  std::vector<std::string> out = {"LANG=C.UTF-8", "PATH=/usr/bin:/bin"};
  for (const char* name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name)) out.push_back(std::string(name) + "=" + value);
  return out;
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& text : strings) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// 0, or an errno.
int spawn(std::vector<std::string> arguments, int input, int output, pid_t& process) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  // A process group of its own: Ctrl+C at the terminal is for the parent to handle.
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);

  std::vector<std::string> environment = child_environment();
  const int error = posix_spawn(&process, arguments[0].c_str(), &actions, &attributes,
                                pointers_to(arguments).data(), pointers_to(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

ChildEnd meaning_of(int status) {
  // Exit codes: pdf_helper/main.cpp; poppler itself ends with 1 when it is out of memory.
  if (WIFEXITED(status)) {
    switch (WEXITSTATUS(status)) {
      case 0:
        return ChildEnd::kDone;
      case 1:
        return ChildEnd::kMemoryLimit;
      case 3:
        return ChildEnd::kCannotOpen;
      default:
        return ChildEnd::kCrashed;
    }
  }
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU ? ChildEnd::kTimeLimit
                                                            : ChildEnd::kCrashed;
}

}  // namespace

Result<fs::path> find_pdf_helper(const ReadOptions& options) {
  if (!options.pdf_helper.empty()) {
    if (is_program(options.pdf_helper)) return options.pdf_helper;
    return make_error(ErrorCode::kNotFound, "{} is not a program: no PDF can be read",
                      "{}은(는) 실행할 수 없는 파일이라 PDF를 읽을 수 없습니다",
                      options.pdf_helper.string());
  }
  std::vector<fs::path> places;
  if (const char* named = std::getenv("SASEO_PDF_HELPER")) places.emplace_back(named);
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (!error) {
    places.push_back(folder / "saseo-pdf");
    places.push_back(folder / "../libexec/saseo/saseo-pdf");
  }
  for (const fs::path& place : places)
    if (is_program(place)) return fs::absolute(place, error);
  return make_error(
      ErrorCode::kNotFound,
      "the program saseo-pdf, which reads PDF files, was not found beside this program or in "
      "../libexec/saseo; install it or name it in SASEO_PDF_HELPER",
      "PDF를 읽는 프로그램 saseo-pdf를 이 프로그램 옆이나 ../libexec/saseo에서 찾지 못했습니다. "
      "설치하거나 SASEO_PDF_HELPER에 위치를 적어 주세요");
}

Result<PdfChild> PdfChild::start(const fs::path& file, std::vector<std::string> arguments,
                                 const ReadOptions& options) {
  SASEO_ASSIGN_OR_RETURN(const fs::path program, find_pdf_helper(options));
  if (options.password.size() > kMaxPassword)
    return make_error(ErrorCode::kWrongPassword, "the password is longer than {} bytes",
                      "암호가 {}바이트보다 깁니다", kMaxPassword);
  std::error_code error;
  arguments.insert(arguments.begin(), program.string());
  arguments.insert(arguments.end(), {"--memory", std::to_string(options.helper_memory), "--cpu",
                                     std::to_string(options.helper_cpu_seconds), "--password-stdin",
                                     fs::absolute(file, error).string()});

  Pipe input, output;
  if (!input.open() || !output.open()) return io_error(program, errno);
  if (!options.password.empty() &&
      write(input.write_end, options.password.data(), options.password.size()) < 0)
    return io_error(program, errno);
  Pipe::close_end(input.write_end);

  pid_t process = -1;
  if (const int failed = spawn(std::move(arguments), input.read_end, output.write_end, process))
    return io_error(program, failed);
  return PdfChild(process, std::exchange(output.read_end, -1));
}

PdfChild::PdfChild(PdfChild&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      pipe_(std::exchange(other.pipe_, -1)),
      decoder_(std::move(other.decoder_)),
      end_(other.end_) {}

PdfChild::~PdfChild() {
  reap(true);
  if (pipe_ >= 0) close(pipe_);
}

Result<PipeRecord> PdfChild::next(std::chrono::seconds patience, const std::stop_token& stop) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::string bytes;
  for (;;) {
    PipeRecord record;
    SASEO_ASSIGN_OR_RETURN(const bool complete, decoder_.next(record));
    if (complete) return record;

    if (stop.stop_requested())
      return make_error(ErrorCode::kCancelled, "reading was cancelled", "읽기가 취소되었습니다");
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0)
      return make_error(ErrorCode::kLimit, "a page took longer than {} seconds",
                        "한 쪽을 읽는 데 {}초가 넘게 걸렸습니다", patience.count());
    pollfd waiting{pipe_, POLLIN, 0};
    const int ready =
        poll(&waiting, 1, static_cast<int>(std::min(left, kStopPollInterval).count()));
    if (ready < 0 && errno != EINTR) return io_error("saseo-pdf", errno);
    if (ready <= 0) continue;

    bytes.resize(kReadBytes);
    const ssize_t got = read(pipe_, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error("saseo-pdf", errno);
    if (got == 0) {
      reap(false);
      return make_error(ErrorCode::kBadInput, "the PDF helper ended before it was done",
                        "PDF 도우미가 도중에 끝났습니다");
    }
    decoder_.feed(std::string_view(bytes).substr(0, static_cast<std::size_t>(got)));
  }
}

ChildEnd PdfChild::end() {
  reap(true);
  return end_;
}

void PdfChild::reap(bool kill_first) {
  if (process_ < 0) return;
  int status = 0;
  // One that has ended by itself tells why; only one that still runs is killed.
  pid_t reaped = waitpid(process_, &status, kill_first ? WNOHANG : 0);
  if (reaped == 0) {
    kill(process_, SIGKILL);
    do {
      reaped = waitpid(process_, &status, 0);
    } while (reaped < 0 && errno == EINTR);
  }
  end_ = reaped == process_ ? meaning_of(status) : ChildEnd::kCrashed;
  process_ = -1;
}

}  // namespace saseo
