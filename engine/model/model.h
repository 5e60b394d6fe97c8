// A model and how it is opened.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "engine/model/model_parts.h"

namespace saseo {

// Opens a GGUF file, the first part of a split GGUF, or a Hugging Face folder (config.json beside
// safetensors). Everything in it is validated: afterwards every matrix has the shape that `config`
// gives it and lies within a mapped file. Errors say file, place, expected, found and what to do.
Result<Model> open_model(const std::filesystem::path& path);

}  // namespace saseo
