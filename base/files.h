// Files: read whole, mapped, replaced atomically.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace saseo {

// An Error for the last failed system call: names the path and says why (errno).
Error io_error(const std::filesystem::path& path, int error_number);

// Reads a regular file whole. Fails with kLimit, naming both sizes, when it is larger than
// max_bytes.
Result<std::string> read_file(const std::filesystem::path& path,
                              std::uint64_t max_bytes = std::uint64_t{1} << 30);

// Writes beside the target, syncs and renames: after a crash the old or the new content is there.
Status write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

// The same in pieces: the target appears, or is replaced, by commit() alone; without it nothing
// stays. Movable.
class AtomicFile {
 public:
  // Writes to "<path>.XXXXXX"; `mode`: the rights of the file.
  static Result<AtomicFile> create(const std::filesystem::path& path, unsigned mode = 0644);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) noexcept;
  ~AtomicFile();

  Status append(std::span<const std::byte> bytes);
  // `sync`: wait for the disk, so that a power failure cannot leave a file that is cut short.
  Status commit(bool sync = true);

 private:
  AtomicFile() = default;
  std::filesystem::path path_;
  std::string temporary_;  // Empty once it is gone.
  int fd_ = -1;
};

// A read-only mapping of a whole file; movable. An empty file maps to an empty span.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::filesystem::path& path);
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  // Valid while this object lives.
  std::span<const std::byte> bytes() const { return {data_, size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }
  // Lets the system take back the pages that lie wholly within; read again, they come back.
  void drop(std::size_t offset, std::size_t size) const;
  // Asks for large pages, also of what is read from the disk from now on.
  void use_large_pages() const;
  // Brings the pages into memory now.
  void populate(std::size_t offset, std::size_t size) const;

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace saseo
