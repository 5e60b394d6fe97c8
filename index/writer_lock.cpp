#include "index/writer_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "base/files.h"
#include "base/message.h"
#include "base/utf8.h"

namespace saseo {

Result<WriterLock> WriterLock::acquire(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "writer.lock";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return io_error(file, errno);
  WriterLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return io_error(file, errno);
    std::array<char, 32> holder{};
    const ssize_t count = ::pread(fd, holder.data(), holder.size() - 1, 0);
    return make_error(
        ErrorCode::kLocked, "{}: process {} is writing to this library; wait until it is done",
        "{}: 프로세스 {}이(가) 이 라이브러리에 쓰고 있습니다. 끝날 때까지 기다리세요",
        folder.string(),
        trim(std::string_view(holder.data(), count > 0 ? static_cast<std::size_t>(count) : 0)));
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  // The name is a courtesy: on a full disk the lock holds all the same.
  if (::ftruncate(fd, 0) == 0) (void)!::pwrite(fd, pid.data(), pid.size(), 0);
  return lock;
}

WriterLock::WriterLock(WriterLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

WriterLock::~WriterLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace saseo
