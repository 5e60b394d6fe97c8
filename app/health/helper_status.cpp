#include "app/health/helper_status.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/json.h"
#include "base/message.h"
#include "ingest/pdf_child.h"

namespace saseo::app {
namespace {

constexpr std::chrono::seconds kHelperPatience{5};
constexpr std::size_t kMaxBytes = 4096;

// What the program writes to standard output until it closes it, or until patience ends.
std::string output_of(int pipe) {
  std::string text;
  const auto deadline = std::chrono::steady_clock::now() + kHelperPatience;
  while (text.size() < kMaxBytes) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{pipe, POLLIN, 0};
    if (left.count() <= 0) break;
    if (::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) continue;
    std::array<char, 512> bytes;
    const ssize_t got = ::read(pipe, bytes.data(), bytes.size());
    if (got <= 0) break;
    text.append(bytes.data(), static_cast<std::size_t>(got));
  }
  return text;
}

Result<std::string> run(const std::filesystem::path& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return io_error(program, errno);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string name = program.string(), option = "--sandbox-status";
  std::array<char*, 3> arguments = {name.data(), option.data(), nullptr};
  pid_t child = -1;
  const int failed =
      ::posix_spawn(&child, name.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string text;
  if (failed == 0) {
    text = output_of(ends[0]);
    ::kill(child, SIGKILL);  // It has said all it has to say, or does not answer.
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  ::close(ends[0]);
  if (failed != 0) return io_error(program, failed);
  return text;
}

}  // namespace

Result<HelperStatus> helper_status(const ReadOptions& options) {
  HelperStatus status;
  SASEO_ASSIGN_OR_RETURN(status.program, find_pdf_helper(options));
  SASEO_ASSIGN_OR_RETURN(const std::string text, run(status.program));
  const nlohmann::json walls = parsed_json(text);
  if (!walls.is_object())
    return make_error(ErrorCode::kBadInput, "{} does not answer; is it another program?",
                      "{}이(가) 대답하지 않습니다. 다른 프로그램인지 확인하세요",
                      status.program.string());
  for (const auto& [name, stands] : walls.items())
    if (stands.is_boolean()) status.walls.emplace_back(name, stands.get<bool>());
  return status;
}

}  // namespace saseo::app
