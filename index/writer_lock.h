// One writer a library: an advisory lock on writer.lock, which names the process that holds it. The
// kernel releases it with the process, however that ends.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace saseo {

class WriterLock {
 public:
  // Fails at once with kLocked, naming the holder.
  static Result<WriterLock> acquire(const std::filesystem::path& folder);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace saseo
