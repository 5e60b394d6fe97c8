// What every command works with: the application, with the terminal as whom it tells.
#pragma once

#include <string>
#include <vector>

#include "app/settings/application.h"
#include "base/result.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"

namespace saseo::cli {

// Warnings and progress go to standard error, progress only where that is a terminal.
class TerminalListener : public app::Listener {
 public:
  explicit TerminalListener(Console& console) : console_(console), bar_(console, true) {}
  // No progress from now on: for commands that write one JSON object.
  void be_quiet() { bar_.hide(); }
  // The one line of progress, for what the application does not tell of by itself.
  ProgressBar& bar() { return bar_; }

  void warn(const Notice& notice) override;
  void on_bytes(const Message& what, std::uint64_t done, std::uint64_t all) override;
  void on_step(const Message& text) override;
  void on_over() override;

 private:
  Console& console_;
  ProgressBar bar_;
};

struct TerminalSession : app::Application {
  TerminalSession();
  TerminalSession(const TerminalSession&) = delete;
  TerminalSession& operator=(const TerminalSession&) = delete;

  Console console;
  TerminalListener terminal{console};

  // Says what went wrong (JSON on standard output, else words on standard error) and gives the exit
  // code that belongs to it.
  int fail(const Error& error, bool json);
  // One JSON object, one line.
  void print_json(const std::string& line);
};

// The flag's value, else SASEO_PDF_PASSWORD, else empty.
std::string pdf_password(const std::string& flag);

// Words of the command line that the shell parted: joined by spaces.
std::string joined(const std::vector<std::string>& words);

}  // namespace saseo::cli
