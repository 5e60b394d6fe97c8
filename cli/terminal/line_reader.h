// Lines that a person types: edited and remembered on a terminal (libedit), plain otherwise.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "cli/terminal/interrupt.h"

namespace saseo::cli {

enum class ReadEnd { kLine, kEnd, kInterrupted };  // A line; Ctrl-D; Ctrl-C.

class LineReader {
 public:
  virtual ~LineReader() = default;
  virtual ReadEnd read(const std::string& prompt, std::string& line) = 0;
  // What is typed comes from a terminal: greetings and prompts have a reader.
  virtual bool is_interactive() const = 0;
};

// On a terminal with line editing and the history of that file (empty: none), which only its owner
// may read; else plain lines of standard input. Borrows `interrupts`.
std::unique_ptr<LineReader> open_line_reader(Interrupts& interrupts,
                                             const std::filesystem::path& history_file);

}  // namespace saseo::cli
