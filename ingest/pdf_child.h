// A running saseo-pdf: started, listened to with a deadline, ended.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/block_pipe.h"
#include "ingest/read_options.h"

namespace saseo {

// Where the helper is: options.pdf_helper, else $SASEO_PDF_HELPER, else beside this program, else
// ../libexec/saseo below it. Fails with kNotFound.
Result<std::filesystem::path> find_pdf_helper(const ReadOptions& options);

// How a helper ended, as far as its parent can tell.
enum class ChildEnd { kRunning, kDone, kCannotOpen, kTimeLimit, kMemoryLimit, kCrashed };

// Owns the process and the pipe; the destructor kills and reaps. Not thread-safe. The helper dies
// with the thread that started it.
class PdfChild {
 public:
  // `arguments` go between the program's name and the file.
  static Result<PdfChild> start(const std::filesystem::path& file,
                                std::vector<std::string> arguments, const ReadOptions& options);
  PdfChild(PdfChild&& other) noexcept;
  PdfChild& operator=(PdfChild&&) = delete;
  ~PdfChild();

  // Waits for the next record. PipeEnd when the helper said that it is done. Fails with kCancelled
  // when stop was requested, kLimit when nothing came within the patience, kBadInput when the pipe
  // closed early or what came is malformed; end() then says more.
  Result<PipeRecord> next(std::chrono::seconds patience, const std::stop_token& stop);

  // Kills the helper if it still runs, and tells how it ended.
  ChildEnd end();

 private:
  PdfChild(pid_t process, int pipe) : process_(process), pipe_(pipe) {}
  void reap(bool kill_first);

  pid_t process_ = -1;
  int pipe_ = -1;
  PipeDecoder decoder_;
  ChildEnd end_ = ChildEnd::kRunning;
};

}  // namespace saseo
