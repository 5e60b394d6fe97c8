// The shape of a model from the config.json of a Hugging Face folder.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/result.h"
#include "engine/model/model_config.h"

namespace saseo {

struct HuggingFaceConfig {
  ModelConfig model;      // `vocab` is left to the embedding's rows.
  bool tied_head = true;  // The output head is the embedding, whatever lm_head the file has.
};

// Reads gemma, gemma2, gemma3_text and gemma3, whose numbers stand in text_config. What a file
// leaves out has the default of that family's configuration class.
Result<HuggingFaceConfig> read_hugging_face_config(const nlohmann::json& config,
                                                   const std::filesystem::path& path);

}  // namespace saseo
