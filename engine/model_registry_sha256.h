// SHA-256 of files (FIPS 180-4), as model repositories publish it beside their files.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "base/result.h"

namespace saseo {

// 64 hexadecimal digits. Reads in pieces; fails with kCancelled when stopped.
Result<std::string> sha256_of_file(const std::filesystem::path& path, std::stop_token stop = {});

}  // namespace saseo
