#include "tests/failing_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <fstream>
#include <utility>

namespace saseo {
namespace {

FailingDisk* current_disk = nullptr;

void write_at(int fd, const std::string& bytes, std::uint64_t offset) {
  const ssize_t count = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  assert(count == static_cast<ssize_t>(bytes.size()));
  static_cast<void>(count);
}

void set_size(int fd, std::uint64_t size) {
  const int status = ::ftruncate(fd, static_cast<off_t>(size));
  assert(status == 0);
  static_cast<void>(status);
}

}  // namespace

std::string_view name_of(DiskFailure failure) {
  switch (failure) {
    case DiskFailure::kOnce:
      return "Once";
    case DiskFailure::kFull:
      return "Full";
    case DiskFailure::kGone:
      return "Gone";
    case DiskFailure::kPowerLost:
      return "PowerLost";
    case DiskFailure::kPowerLostInTheMiddle:
      return "PowerLostInTheMiddle";
  }
  return "";
}

FailingDisk::FailingDisk(DiskFailure failure, std::uint64_t at_operation)
    : failure_(failure), at_operation_(at_operation) {
  assert(current_disk == nullptr);
  current_disk = this;
}

FailingDisk::~FailingDisk() {
  current_disk = nullptr;
  if (at_operation_ != 0) lose_power();  // At the latest when all was done.
}

FailingDisk* FailingDisk::current() { return current_disk; }

FailingDisk::Outcome FailingDisk::count(Operation operation) {
  const bool needs_room = operation == Operation::kCreate || operation == Operation::kWrite;
  if (is_full() && !needs_room) return Outcome::kSucceeds;
  ++operations_;
  if (at_operation_ == 0 || operations_ < at_operation_) return Outcome::kSucceeds;
  if (operations_ == at_operation_)
    return operation == Operation::kWrite ? Outcome::kTears : Outcome::kFails;
  return failure_ == DiskFailure::kOnce ? Outcome::kSucceeds : Outcome::kFails;
}

void FailingDisk::wrote(const std::string& path, std::uint64_t offset, std::string before,
                        std::string after, std::uint64_t size_before) {
  const std::uint64_t size_after = std::max(size_before, offset + after.size());
  unsynced_[path].push_back({offset, std::move(before), std::move(after), size_before, size_after});
}

void FailingDisk::truncated(const std::string& path, std::uint64_t size, std::string tail) {
  const std::uint64_t size_before = size + tail.size();
  unsynced_[path].push_back({size, std::move(tail), {}, size_before, size});
}

void FailingDisk::synced(const std::string& path) { unsynced_.erase(path); }

void FailingDisk::renamed(const std::string& from, const std::string& to) {
  unsynced_.erase(to);
  if (auto changes = unsynced_.extract(from)) {
    changes.key() = to;
    unsynced_.insert(std::move(changes));
  }
}

void FailingDisk::deleted(const std::string& path, std::string bytes, bool durable) {
  const bool kept_whole = !unsynced_.contains(path);
  unsynced_.erase(path);
  if (!durable && kept_whole) deleted_[path] = std::move(bytes);
}

void FailingDisk::lose_power() const {
  if (failure_ != DiskFailure::kPowerLost && failure_ != DiskFailure::kPowerLostInTheMiddle) return;
  const bool lose_all = failure_ == DiskFailure::kPowerLost;
  for (const auto& [path, changes] : unsynced_) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) continue;  // A temporary file that is gone.
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
      write_at(fd, change->before, change->offset);
      set_size(fd, change->size_before);
    }
    for (std::size_t i = 0; i < changes.size() && !lose_all; i += 2) {
      write_at(fd, changes[i].after, changes[i].offset);
      set_size(fd, changes[i].size_after);
    }
    ::close(fd);
  }
  for (const auto& [path, bytes] : deleted_) {
    if (lose_all && ::access(path.c_str(), F_OK) != 0)
      std::ofstream(path, std::ios::binary) << bytes;
  }
}

namespace {

using Operation = FailingDisk::Operation;
using Outcome = FailingDisk::Outcome;

std::string path_of(int fd) {
  std::array<char, 4096> path{};
  const ssize_t size =
      ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path.data(), path.size());
  return {path.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

std::uint64_t size_of(int fd) {
  struct stat info {};
  return ::fstat(fd, &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

std::string bytes_at(int fd, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  const ssize_t count = ::pread(fd, bytes.data(), size, static_cast<off_t>(offset));
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

int failure_of(const FailingDisk& disk) {
  errno = disk.is_full() ? ENOSPC : EIO;
  return -1;
}

// Writes as much as the disk of the moment lets it, through write_bytes(size).
template <typename Write>
ssize_t counted_write(int fd, const void* data, std::size_t size, std::uint64_t offset,
                      const Write& write_bytes) {
  FailingDisk& disk = *FailingDisk::current();
  const Outcome outcome = disk.count(Operation::kWrite);
  if (outcome == Outcome::kTears) size /= 2;
  if (outcome == Outcome::kFails || size == 0) return failure_of(disk);
  const std::uint64_t size_before = size_of(fd);
  std::string before = bytes_at(fd, offset, size);
  const ssize_t count = write_bytes(size);
  if (count > 0) {
    disk.wrote(path_of(fd), offset, std::move(before),
               {static_cast<const char*>(data), static_cast<std::size_t>(count)}, size_before);
  }
  return outcome == Outcome::kTears ? failure_of(disk) : count;
}

}  // namespace

// The linker puts these in the place of the calls in the program's own code; libraries that it
// loads call the system.
extern "C" {

ssize_t __real_write(int fd, const void* data, std::size_t size);
ssize_t __real_pwrite(int fd, const void* data, std::size_t size, off_t offset);
int __real_ftruncate(int fd, off_t size);
int __real_fsync(int fd);
int __real_rename(const char* from, const char* to);
int __real_unlink(const char* path);
int __real_mkostemp(char* name, int flags);

ssize_t __wrap_write(int fd, const void* data, std::size_t size) {
  const auto system_write = [&](std::size_t most) { return __real_write(fd, data, most); };
  if (FailingDisk::current() == nullptr) return system_write(size);
  const auto offset = static_cast<std::uint64_t>(std::max<off_t>(::lseek(fd, 0, SEEK_CUR), 0));
  return counted_write(fd, data, size, offset, system_write);
}

ssize_t __wrap_pwrite(int fd, const void* data, std::size_t size, off_t offset) {
  const auto system_write = [&](std::size_t most) { return __real_pwrite(fd, data, most, offset); };
  if (FailingDisk::current() == nullptr) return system_write(size);
  return counted_write(fd, data, size, static_cast<std::uint64_t>(offset), system_write);
}

int __wrap_ftruncate(int fd, off_t size) {
  FailingDisk* disk = FailingDisk::current();
  if (disk == nullptr) return __real_ftruncate(fd, size);
  if (disk->count(Operation::kTruncate) != Outcome::kSucceeds) return failure_of(*disk);
  const auto offset = static_cast<std::uint64_t>(size);
  const std::uint64_t size_before = size_of(fd);
  if (offset < size_before)
    disk->truncated(path_of(fd), offset, bytes_at(fd, offset, size_before - offset));
  return __real_ftruncate(fd, size);
}

// Nothing is written to the real disk: that would take most of the time.
int __wrap_fsync(int fd) {
  FailingDisk* disk = FailingDisk::current();
  if (disk == nullptr) return __real_fsync(fd);
  if (disk->count(Operation::kSync) != Outcome::kSucceeds) return failure_of(*disk);
  disk->synced(path_of(fd));
  return 0;
}

int __wrap_rename(const char* from, const char* to) {
  FailingDisk* disk = FailingDisk::current();
  if (disk == nullptr) return __real_rename(from, to);
  if (disk->count(Operation::kRename) != Outcome::kSucceeds) return failure_of(*disk);
  const int status = __real_rename(from, to);
  if (status == 0) disk->renamed(from, to);
  return status;
}

int __wrap_unlink(const char* path) {
  FailingDisk* disk = FailingDisk::current();
  if (disk == nullptr) return __real_unlink(path);
  if (disk->count(Operation::kDelete) != Outcome::kSucceeds) return failure_of(*disk);
  disk->deleted(path, {}, true);
  return __real_unlink(path);
}

int __wrap_mkostemp(char* name, int flags) {
  FailingDisk* disk = FailingDisk::current();
  if (disk != nullptr && disk->count(Operation::kCreate) != Outcome::kSucceeds)
    return failure_of(*disk);
  return __real_mkostemp(name, flags);
}

}  // extern "C"

}  // namespace saseo
