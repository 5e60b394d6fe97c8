// Says what a file is that was named as a model and is none: a saved web page, a Git LFS pointer, a
// pickle, a single safetensors file.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace saseo {

// For a file whose bytes do not begin with "GGUF": one sentence on what it is and what to do.
Error explain_foreign_file(const std::filesystem::path& path, std::string_view bytes);

// Fails for a piece of a file that was cut by bytes (NAME.gguf.part1of2), which has to be joined.
Status check_not_a_piece(const std::filesystem::path& path);

}  // namespace saseo
