// A disk that fails at a chosen operation: what a crash or a full disk leaves behind, tested at
// every write instead of at random moments.
//
// Counted are the operations that change a file: creating, writing, truncating, syncing, renaming,
// deleting. They come from base/files.cpp, through the linker's --wrap, and from SQLite, through a
// VFS (failing_vfs.h). The program under test knows nothing of it.
//
// The model is leveldb's FaultInjectionTestEnv: what was not synced is lost with the power. Not
// modelled: that a new or renamed file's name is lost because its folder was not synced.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace saseo {

enum class DiskFailure {
  kOnce,       // One operation fails and the next ones succeed: finds errors that nobody looks at.
  kFull,       // From then on nothing is created or written; all else succeeds.
  kGone,       // From then on every operation fails, as for a process that was killed.
  kPowerLost,  // As kGone, and what was not synced is lost, deletions included.
  kPowerLostInTheMiddle,  // As kGone, and every second write that was not synced is lost.
};

// In the names of tests: "Full".
std::string_view name_of(DiskFailure failure);

// The disk while this object lives; one at a time, used by one thread. A test does its work, closes
// every file, and destroys the object: then the disk is healthy again, without what was lost.
class FailingDisk {
 public:
  // Operations count from 1; with at_operation 0 none fails, and they are only counted. With kFull
  // those that need no room are not counted.
  FailingDisk(DiskFailure failure, std::uint64_t at_operation);
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;
  ~FailingDisk();

  std::uint64_t operations() const { return operations_; }
  bool failed() const { return at_operation_ != 0 && operations_ >= at_operation_; }

  // For the wrapped calls and the VFS. The disk of the moment, or null: then all is healthy.
  static FailingDisk* current();
  enum class Operation { kCreate, kWrite, kTruncate, kSync, kRename, kDelete };
  enum class Outcome { kSucceeds, kFails, kTears };  // kTears: the first half is written.
  Outcome count(Operation operation);
  bool is_full() const { return failure_ == DiskFailure::kFull; }  // Or else broken.
  // Told of each change that was made; `before`: what stood there, as far as the file reached.
  void wrote(const std::string& path, std::uint64_t offset, std::string before, std::string after,
             std::uint64_t size_before);
  void truncated(const std::string& path, std::uint64_t size, std::string tail);
  void synced(const std::string& path);
  void synced_folder() { deleted_.clear(); }  // All files of a test lie in one.
  void renamed(const std::string& from, const std::string& to);
  // `bytes`: what the file held.
  void deleted(const std::string& path, std::string bytes, bool durable);

 private:
  struct Change {
    std::uint64_t offset = 0;
    std::string before, after;
    std::uint64_t size_before = 0, size_after = 0;
  };
  using Changes = std::vector<Change>;
  void lose_power() const;

  DiskFailure failure_;
  std::uint64_t at_operation_;
  std::uint64_t operations_ = 0;
  std::map<std::string, Changes> unsynced_;     // By path, in order of time.
  std::map<std::string, std::string> deleted_;  // Path -> bytes; the folder was not synced.
};

}  // namespace saseo
