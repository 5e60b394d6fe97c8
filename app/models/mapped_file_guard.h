// A mapped file that is cut short while it is read raises SIGBUS, which would end the program
// without a word. With the handler it ends with a sentence that names the file.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace saseo::app {

// How a program ends at a read from a file that is no longer there.
struct MappedFileFault {
  std::string any_file;  // The sentence where it is not known which file it was.
  std::string (*one_file)(const std::filesystem::path& file) = nullptr;  // The sentence for it.
  int descriptor = 2;                                                    // Where it is written.
  int exit_code = 1;
};

// Call once, before threads start.
void install_mapped_file_handler(const MappedFileFault& fault);

// While one lives, the sentence names `file` for faults within `bytes`. Thread-safe. Without the
// handler it does nothing.
class MappedFileGuard {
 public:
  MappedFileGuard(std::span<const std::byte> bytes, const std::filesystem::path& file);
  MappedFileGuard(MappedFileGuard&& other) noexcept;
  MappedFileGuard& operator=(MappedFileGuard&&) = delete;
  ~MappedFileGuard();

 private:
  int slot_ = -1;  // -1: none was free; the sentence then names no file.
};

}  // namespace saseo::app
