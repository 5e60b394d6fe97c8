// Content hashes: XXH3, 128 bits, as 32 hexadecimal digits. Not for security: they tell whether a
// file or a chunk changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace saseo {

std::string content_hash(std::string_view bytes);
// Reads the file in pieces: memory stays bounded.
Result<std::string> content_hash_of_file(const std::filesystem::path& path);

// The 64-bit form, for checksums in files; of bytes that come piece by piece. Movable.
class Checksum {
 public:
  Checksum();
  void add(std::span<const std::byte> bytes);
  std::uint64_t value() const;  // Of what was added so far.

 private:
  std::unique_ptr<void, void (*)(void*)> state_;
};
std::uint64_t checksum(std::span<const std::byte> bytes);

}  // namespace saseo
