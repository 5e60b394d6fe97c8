// Content hashes: XXH3, 128 bits, as 32 hexadecimal digits. Not for security: they tell whether a
// file or a chunk changed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace saseo {

std::string content_hash(std::string_view bytes);
// Reads the file in pieces: memory stays bounded.
Result<std::string> content_hash_of_file(const std::filesystem::path& path);

}  // namespace saseo
