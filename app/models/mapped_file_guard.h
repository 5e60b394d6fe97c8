// A mapped file that is cut short while it is read raises SIGBUS, which would end the program
// without a word. Here it ends with a sentence on standard error and exit code 3.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

namespace saseo::cli {

// Call once, before threads start.
void install_mapped_file_handler();

// While one lives, the sentence names `file` for faults within `bytes`. Thread-safe.
class MappedFileGuard {
 public:
  MappedFileGuard(std::span<const std::byte> bytes, const std::filesystem::path& file);
  MappedFileGuard(MappedFileGuard&& other) noexcept;
  MappedFileGuard& operator=(MappedFileGuard&&) = delete;
  ~MappedFileGuard();

 private:
  int slot_ = -1;  // -1: none was free; the sentence then names no file.
};

}  // namespace saseo::cli
