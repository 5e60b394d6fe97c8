// A VFS in front of the system's own: it counts what changes a file, tells FailingDisk what stood
// there before, and passes everything on. https://www.sqlite.org/vfs.html
#include "tests/failing_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <new>
#include <string>
#include <utility>

#include "tests/failing_disk.h"

namespace saseo {
namespace {

using Operation = FailingDisk::Operation;
using Outcome = FailingDisk::Outcome;

sqlite3_vfs* system_vfs = nullptr;

// SQLite gives the memory: this, then the system's own file.
struct File {
  sqlite3_file base;  // First: SQLite sees only this.
  std::string* path;  // Of a file that stays; null for temporary ones.
  bool syncs_folder;  // With the next sync: the system's VFS does so for new journals and logs.
  sqlite3_file* system() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* system_of(sqlite3_file* file) { return file_of(file).system(); }
const sqlite3_io_methods& methods_of(sqlite3_file* file) { return *system_of(file)->pMethods; }

// How the disk of the moment lets an operation go; without one all succeeds.
Outcome outcome_of(Operation operation) {
  FailingDisk* disk = FailingDisk::current();
  return disk == nullptr ? Outcome::kSucceeds : disk->count(operation);
}

int error_or_full(int error) { return FailingDisk::current()->is_full() ? SQLITE_FULL : error; }

std::uint64_t size_of(sqlite3_file* file) {
  sqlite3_int64 size = 0;
  methods_of(file).xFileSize(system_of(file), &size);
  return static_cast<std::uint64_t>(size);
}

// What stands from `offset` on, at most `size` bytes.
std::string bytes_at(sqlite3_file* file, std::uint64_t offset, std::uint64_t size) {
  const std::uint64_t end = size_of(file);
  std::string bytes(offset < end ? std::min(size, end - offset) : 0, '\0');
  if (!bytes.empty()) {
    methods_of(file).xRead(system_of(file), bytes.data(), static_cast<int>(bytes.size()),
                           static_cast<sqlite3_int64>(offset));
  }
  return bytes;
}

int close_file(sqlite3_file* file) {
  const int code = methods_of(file).xClose(system_of(file));
  delete file_of(file).path;
  return code;
}

int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  return methods_of(file).xRead(system_of(file), to, size, offset);
}

int write_file(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  const Outcome outcome = outcome_of(Operation::kWrite);
  if (outcome == Outcome::kFails) return error_or_full(SQLITE_IOERR_WRITE);
  if (outcome == Outcome::kTears) size /= 2;
  FailingDisk* disk = FailingDisk::current();
  const std::string* path = file_of(file).path;
  if (disk != nullptr && path != nullptr) {
    const auto begin = static_cast<std::uint64_t>(offset);
    const auto count = static_cast<std::size_t>(size);
    disk->wrote(*path, begin, bytes_at(file, begin, count), {static_cast<const char*>(data), count},
                size_of(file));
  }
  const int code = methods_of(file).xWrite(system_of(file), data, size, offset);
  return outcome == Outcome::kTears ? error_or_full(SQLITE_IOERR_WRITE) : code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (outcome_of(Operation::kTruncate) != Outcome::kSucceeds) return SQLITE_IOERR_TRUNCATE;
  FailingDisk* disk = FailingDisk::current();
  const std::string* path = file_of(file).path;
  const auto begin = static_cast<std::uint64_t>(size);
  const std::uint64_t size_before = size_of(file);
  if (disk != nullptr && path != nullptr && begin < size_before)
    disk->truncated(*path, begin, bytes_at(file, begin, size_before - begin));
  return methods_of(file).xTruncate(system_of(file), size);
}

int sync_file(sqlite3_file* file, int flags) {
  FailingDisk* disk = FailingDisk::current();
  if (disk == nullptr) return methods_of(file).xSync(system_of(file), flags);
  if (disk->count(Operation::kSync) != Outcome::kSucceeds) return SQLITE_IOERR_FSYNC;
  // Nothing is written to the real disk: that would take most of the time.
  if (file_of(file).path != nullptr) disk->synced(*file_of(file).path);
  if (std::exchange(file_of(file).syncs_folder, false)) disk->synced_folder();
  return SQLITE_OK;
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
  return methods_of(file).xFileSize(system_of(file), size);
}
int lock_file(sqlite3_file* file, int level) {
  return methods_of(file).xLock(system_of(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
  return methods_of(file).xUnlock(system_of(file), level);
}
int check_reserved_lock(sqlite3_file* file, int* reserved) {
  return methods_of(file).xCheckReservedLock(system_of(file), reserved);
}
int control_file(sqlite3_file* file, int operation, void* argument) {
  return methods_of(file).xFileControl(system_of(file), operation, argument);
}
int sector_size(sqlite3_file* file) { return methods_of(file).xSectorSize(system_of(file)); }
int device_characteristics(sqlite3_file* file) {
  return methods_of(file).xDeviceCharacteristics(system_of(file));
}

// The index of the write-ahead log is shared memory: it is made anew after a crash.
int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
  return methods_of(file).xShmMap(system_of(file), region, size, extend, memory);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return methods_of(file).xShmLock(system_of(file), offset, count, flags);
}
void order_shared(sqlite3_file* file) { methods_of(file).xShmBarrier(system_of(file)); }
int unmap_shared(sqlite3_file* file, int remove) {
  return methods_of(file).xShmUnmap(system_of(file), remove);
}

constexpr sqlite3_io_methods kMethods = {.iVersion = 2,
                                         .xClose = close_file,
                                         .xRead = read_file,
                                         .xWrite = write_file,
                                         .xTruncate = truncate_file,
                                         .xSync = sync_file,
                                         .xFileSize = size_of_file,
                                         .xLock = lock_file,
                                         .xUnlock = unlock_file,
                                         .xCheckReservedLock = check_reserved_lock,
                                         .xFileControl = control_file,
                                         .xSectorSize = sector_size,
                                         .xDeviceCharacteristics = device_characteristics,
                                         .xShmMap = map_shared,
                                         .xShmLock = lock_shared,
                                         .xShmBarrier = order_shared,
                                         .xShmUnmap = unmap_shared,
                                         .xFetch = nullptr,
                                         .xUnfetch = nullptr};

bool is_there(const char* path) {
  int there = 0;
  return system_vfs->xAccess(system_vfs, path, SQLITE_ACCESS_EXISTS, &there) == SQLITE_OK &&
         there != 0;
}

int open_file(sqlite3_vfs* /*vfs*/, const char* path, sqlite3_file* memory, int flags,
              int* flags_out) {
  memory->pMethods = nullptr;
  const bool creates = (flags & SQLITE_OPEN_CREATE) != 0 && (path == nullptr || !is_there(path));
  if (creates && outcome_of(Operation::kCreate) != Outcome::kSucceeds) {
    errno = FailingDisk::current()->is_full() ? ENOSPC : EIO;
    return SQLITE_CANTOPEN;
  }
  const bool is_log =
      (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL)) != 0;
  File* file = new (memory) File{{}, nullptr, is_log && (flags & SQLITE_OPEN_CREATE) != 0};
  const int code = system_vfs->xOpen(system_vfs, path, file->system(), flags, flags_out);
  if (code != SQLITE_OK) return code;
  if (path != nullptr) file->path = new std::string(path);
  file->base.pMethods = &kMethods;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* /*vfs*/, const char* path, int sync_folder) {
  if (outcome_of(Operation::kDelete) != Outcome::kSucceeds) return SQLITE_IOERR_DELETE;
  FailingDisk* disk = FailingDisk::current();
  if (disk != nullptr && is_there(path)) {
    std::ifstream file(path, std::ios::binary);
    disk->deleted(path, std::string(std::istreambuf_iterator<char>(file), {}), sync_folder != 0);
  }
  return system_vfs->xDelete(system_vfs, path, disk == nullptr ? sync_folder : 0);
}

}  // namespace

void put_sqlite_on_failing_disk() {
  if (system_vfs != nullptr) return;
  system_vfs = sqlite3_vfs_find(nullptr);
  assert(system_vfs != nullptr);
  static sqlite3_vfs failing_vfs = *system_vfs;  // Times, randomness, paths: the system's.
  failing_vfs.zName = "failing";
  failing_vfs.pNext = nullptr;
  failing_vfs.szOsFile = static_cast<int>(sizeof(File)) + system_vfs->szOsFile;
  failing_vfs.xOpen = open_file;
  failing_vfs.xDelete = delete_file;
  sqlite3_vfs_register(&failing_vfs, 1);
}

}  // namespace saseo
