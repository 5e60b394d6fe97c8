// Bytes as a mapped file, for readers that take no other.
#pragma once

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/files.h"

namespace saseo {

inline MappedFile memory_file(const std::uint8_t* data, std::size_t size) {
  const int fd = ::memfd_create("fuzz", 0);
  if (::write(fd, data, size) != static_cast<ssize_t>(size)) std::abort();
  MappedFile file = MappedFile::open(fmt::format("/proc/self/fd/{}", fd)).value();
  ::close(fd);
  return file;
}

}  // namespace saseo
