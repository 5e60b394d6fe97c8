// A Model from a Hugging Face folder: config.json, safetensors, tokenizer.json or tokenizer.model,
// and, where they are there, generation_config.json, tokenizer_config.json and the chat template.
#pragma once

#include <filesystem>

#include "engine/model/model_parts.h"

namespace saseo {

Result<Model> model_from_hugging_face(const std::filesystem::path& folder);

}  // namespace saseo
