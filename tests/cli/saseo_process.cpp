#include "tests/cli/saseo_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/files.h"

namespace saseo::cli {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::vector<nlohmann::json> Finished::json_lines() const {
  std::vector<nlohmann::json> lines;
  std::istringstream text(out);
  for (std::string line; std::getline(text, line);)
    lines.push_back(nlohmann::json::parse(line, nullptr, false));
  return lines;
}

Workplace::Workplace() {
  environment = {{"HOME", folder().string()},
                 {"PATH", "/usr/bin:/bin"},
                 {"LANG", "C.UTF-8"},
                 {"TERM", "xterm"},
                 {"SASEO", SASEO_PROGRAM},
                 {"SASEO_LIBRARY", library().string()},
                 {"SASEO_PDF_HELPER", SASEO_PDF_HELPER}};
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name)) environment[name] = value;
}

Finished Workplace::run(const std::vector<std::string>& arguments, const std::string& input) const {
  std::vector<std::string> command = {SASEO_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return start(command, input);
}

Finished Workplace::run_shell(const std::string& command) const {
  return start({"/bin/bash", "-o", "pipefail", "-c", command}, "");
}

Finished Workplace::start(const std::vector<std::string>& command, const std::string& input) const {
  const std::filesystem::path in = folder_.write(".in", input), out = folder_ / ".out",
                              err = folder_ / ".err";
  std::vector<std::string> words = command, settings;
  for (const auto& [name, value] : environment) settings.push_back(name + "=" + value);
  std::vector<char*> argv, envp;
  for (std::string& word : words) argv.push_back(word.data());
  for (std::string& setting : settings) envp.push_back(setting.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(::open(in.c_str(), O_RDONLY), 0);
    ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
    ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, content_of(out), content_of(err)};
}

std::filesystem::path phone_pdf() {
  return std::filesystem::path(SASEO_CORPORA) / "phone" / "daon-phone-x1.pdf";
}

}  // namespace saseo::cli
