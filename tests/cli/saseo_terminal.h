// The real program as a person at a terminal has it: keys in, a screen out.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/saseo_process.h"

namespace saseo::cli {

// The program on a pseudo-terminal of 100 columns.
class Terminal {
 public:
  Terminal(const Workplace& place, std::vector<std::string> arguments) {
    const winsize size{30, 100, 0, 0};
    child_ = ::forkpty(&fd_, nullptr, nullptr, &size);
    if (child_ != 0) return;
    ::clearenv();
    for (const auto& [name, value] : place.environment) ::setenv(name.c_str(), value.c_str(), 1);
    arguments.insert(arguments.begin(), SASEO_PROGRAM);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::execv(SASEO_PROGRAM, argv.data());
    ::_exit(127);
  }
  ~Terminal() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    ::close(fd_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(const std::string& keys) {
    ASSERT_EQ(::write(fd_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
  // True when the screen shows the text, after what was seen before, within four minutes: under a
  // sanitizer a model takes its time.
  bool shows(const std::string& text) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(4);
    while (std::chrono::steady_clock::now() < deadline) {
      if (const std::size_t at = screen_.find(text, seen_); at != std::string::npos) {
        seen_ = at + text.size();
        return true;
      }
      pollfd waiting{fd_, POLLIN, 0};
      if (::poll(&waiting, 1, 100) <= 0) continue;
      char bytes[4096];
      const ssize_t got = ::read(fd_, bytes, sizeof bytes);
      if (got <= 0) break;
      screen_.append(bytes, static_cast<std::size_t>(got));
    }
    return false;
  }
  // Within a minute; -1 when it goes on.
  int exit_code() {
    int status = 0;
    for (int tries = 0; tries < 600; ++tries) {
      if (::waitpid(child_, &status, WNOHANG) == child_) {
        child_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      }
      // Reads what is left, so that the program can end.
      pollfd waiting{fd_, POLLIN, 0};
      char bytes[4096];
      if (::poll(&waiting, 1, 100) <= 0 || ::read(fd_, bytes, sizeof bytes) <= 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return -1;
  }
  const std::string& screen() const { return screen_; }

 private:
  int fd_ = -1;
  pid_t child_ = -1;
  std::string screen_;
  std::size_t seen_ = 0;
};

}  // namespace saseo::cli
