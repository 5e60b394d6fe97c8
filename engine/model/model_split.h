// A GGUF model split over several files NAME-00001-of-0000N.gguf. The first part holds the
// metadata, each its own tensors; split.no (from 0), split.count and split.tensors.count tie them
// together.
//
// Source: the gguf-split tool of the llama.cpp project.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/files/gguf.h"

namespace saseo {

struct SplitName {
  std::string stem;         // "gemma-2-27b-it-F16"
  std::uint32_t part = 1;   // From 1.
  std::uint32_t count = 1;  // At least `part`.
  std::string extension;    // ".gguf" as the file writes it.

  // The path of another part, beside `path`.
  std::filesystem::path path_of_part(const std::filesystem::path& path, std::uint32_t part) const;
};

// nullopt when the name is not that of a part.
std::optional<SplitName> split_name_of(const std::filesystem::path& path);

struct GgufParts {
  std::vector<GgufFile> files;  // In order; a single file is one part.
  std::vector<std::filesystem::path> paths;
};

// Opens the other parts of the model that `file` belongs to. Fails, naming the part, when one is
// missing or belongs to another model.
Result<GgufParts> open_other_parts(GgufFile file, const std::filesystem::path& path);

}  // namespace saseo
