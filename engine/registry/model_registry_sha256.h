// SHA-256 of files (FIPS 180-4), as model repositories publish it beside their files.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "engine/files/long_read.h"

namespace saseo {

// 64 hexadecimal digits.
Result<std::string> sha256_of_file(const std::filesystem::path& path, const LongRead& read = {});

}  // namespace saseo
