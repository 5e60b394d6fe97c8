// The progress of an ingest on a terminal: one line that is written over.
//
//   [#####-----] 48%  2/5 manual.pdf  31/64 쪽  412쪽/초  남은 시간 3초
#pragma once

#include <cstdint>
#include <string>

#include "cli/terminal/terminal.h"
#include "index/ingest_run.h"

namespace saseo::cli {

// The line at most `width` columns wide.
std::string progress_line(const IngestProgress& progress, std::size_t width);

// Draws on standard error when that is a terminal, else does nothing. Thread-compatible.
class ProgressBar {
 public:
  explicit ProgressBar(Console& console, bool wanted)
      : console_(console), active_(wanted && console.err.is_terminal()) {}
  ~ProgressBar() { clear(); }
  void show(const IngestProgress& progress);
  void show_text(const std::string& text);
  // "SHA-256  45 %  0.8 GiB of 1.6 GiB"
  void show_share(const std::string& what, std::uint64_t bytes, std::uint64_t of_bytes);
  // Takes the line away, so that something else can be printed.
  void clear();
  // For good.
  void hide() {
    clear();
    active_ = false;
  }

 private:
  Console& console_;
  bool active_;
  bool drawn_ = false;
  double last_shown_ = -1;  // Seconds of the run.
  int last_share_ = -1;     // Per cent.
};

}  // namespace saseo::cli
