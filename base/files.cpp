#include "base/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/message.h"

namespace saseo {
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Opens a regular file for reading and gives its size.
Result<std::uint64_t> size_of_regular(int fd, const std::filesystem::path& path) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return io_error(path, errno);
  if (!S_ISREG(info.st_mode)) {
    return make_error(ErrorCode::kBadInput, "{}: not a regular file; name a file to read",
                      "{}: 일반 파일이 아닙니다. 읽을 파일을 지정하세요", path.string());
  }
  return static_cast<std::uint64_t>(info.st_size);
}

}  // namespace

Error io_error(const std::filesystem::path& path, int error_number) {
  const std::string reason = std::strerror(error_number);
  switch (error_number) {
    case ENOENT:
      return make_error(ErrorCode::kNotFound, "{}: there is no such file or folder; check the path",
                        "{}: 파일이나 폴더가 없습니다. 경로를 확인하세요", path.string());
    case EACCES:
    case EPERM:
      return make_error(ErrorCode::kIo, "{}: no permission ({}); change the rights or the user",
                        "{}: 권한이 없습니다({}). 권한이나 사용자를 바꾸세요", path.string(),
                        reason);
    case ENOSPC:
    case EDQUOT:
      return make_error(
          ErrorCode::kDiskFull, "{}: the disk is full ({}); free some space and run again",
          "{}: 디스크가 가득 찼습니다({}). 공간을 비우고 다시 실행하세요", path.string(), reason);
    default:
      return make_error(ErrorCode::kIo, "{}: {}", "{}: 읽거나 쓸 수 없습니다({})", path.string(),
                        reason);
  }
}

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  // O_NONBLOCK: a FIFO in a folder must not stop the program; it is refused below.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return io_error(path, errno);
  SASEO_ASSIGN_OR_RETURN(const std::uint64_t size, size_of_regular(file.get(), path));
  if (size > max_bytes) {
    return make_error(ErrorCode::kLimit, "{}: {} bytes, more than the {} that are read at most",
                      "{}: {}바이트로, 읽을 수 있는 최대 크기 {}바이트를 넘습니다", path.string(),
                      size, max_bytes);
  }
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error(path, errno);
    if (count == 0) break;  // The file shrank while it was read.
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

Status write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  SASEO_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::create(path));
  SASEO_RETURN_IF_ERROR(file.append(std::as_bytes(std::span(bytes))));
  return file.commit();
}

Result<AtomicFile> AtomicFile::create(const std::filesystem::path& path, unsigned mode) {
  AtomicFile file;
  file.path_ = path;
  std::string temporary = path.string() + ".XXXXXX";
  file.fd_ = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (file.fd_ < 0) return io_error(path, errno);
  file.temporary_ = std::move(temporary);
  if (::fchmod(file.fd_, mode) != 0) return io_error(path, errno);
  return file;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::exchange(other.fd_, -1)) {}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(temporary_, other.temporary_);
  std::swap(fd_, other.fd_);
  return *this;
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Status AtomicFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error(path_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Status AtomicFile::commit(bool sync) {
  if (sync && ::fsync(fd_) != 0) return io_error(path_, errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return io_error(path_, errno);
  temporary_.clear();
  return {};
}

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return io_error(path, errno);
  SASEO_ASSIGN_OR_RETURN(const std::uint64_t size, size_of_regular(file.get(), path));
  MappedFile mapped;
  if (size == 0) return mapped;
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) return io_error(path, errno);
  mapped.data_ = static_cast<const std::byte*>(data);
  mapped.size_ = size;
  return mapped;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void MappedFile::drop(std::size_t offset, std::size_t size) const {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t first = (offset + page - 1) / page * page;
  const std::size_t end = std::min(size_, offset + size) / page * page;
  if (first < end) madvise(const_cast<std::byte*>(data_) + first, end - first, MADV_DONTNEED);
}

void MappedFile::use_large_pages() const {
  if (data_ != nullptr) madvise(const_cast<std::byte*>(data_), size_, MADV_HUGEPAGE);
}

void MappedFile::populate(std::size_t offset, std::size_t size) const {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t first = offset / page * page, end = std::min(size_, offset + size);
  if (first >= end) return;
  std::byte* begin = const_cast<std::byte*>(data_) + first;
#ifdef MADV_POPULATE_READ
  if (madvise(begin, end - first, MADV_POPULATE_READ) == 0) return;
#endif
  madvise(begin, end - first, MADV_WILLNEED);
  for (std::size_t at = first; at < end; at += page) {
    static_cast<void>(*static_cast<const volatile std::byte*>(data_ + at));
  }
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace saseo
