#include "bench/process_runs.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>

namespace saseo::bench {

Result<ProcessRun> run_process(const std::vector<std::string>& arguments) {
  int ends[2];
  if (pipe(ends) != 0) return Error{ErrorCode::kIo, untranslated("pipe() failed")};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  std::vector<char*> values;
  for (const std::string& argument : arguments)
    values.push_back(const_cast<char*>(argument.c_str()));
  values.push_back(nullptr);

  ProcessRun run;
  pid_t child = 0;
  const auto start = std::chrono::steady_clock::now();
  const int failed = posix_spawn(&child, values[0], &actions, nullptr, values.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  char bytes[4096];
  for (ssize_t got = 1; failed == 0 && got > 0;) {
    do {
      got = read(ends[0], bytes, sizeof bytes);
    } while (got < 0 && errno == EINTR);
    if (run.output.empty()) {
      run.first_output_seconds =
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    if (got > 0) run.output.append(bytes, static_cast<std::size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  if (failed != 0)
    return Error{ErrorCode::kNotFound, untranslated(arguments[0] + " cannot be started")};
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || run.output.empty())
    return Error{ErrorCode::kIo,
                 untranslated(fmt::format("{} failed (status {})", arguments[0], status))};
  return run;
}

double peak_memory() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmHWM:")) return 1024 * std::stod(line.substr(6));
  }
  return 0;
}

std::string own_path() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

}  // namespace saseo::bench
