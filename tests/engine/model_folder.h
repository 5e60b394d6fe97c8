// Models of memory as Hugging Face folders.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "engine/model/model.h"

namespace saseo {

struct FolderOptions {
  std::size_t shards = 1;               // More than one: with model.safetensors.index.json.
  bool multimodal = false;              // gemma3 with text_config and tensors under language_model.
  bool newer_names = false;             // With multimodal: under model.language_model. instead.
  bool sentencepiece = false;           // tokenizer.model instead of tokenizer.json.
  TensorType norms = TensorType::kF32;  // Or kBF16.
};

// The model's matrices must be floats. Norms are written less 1.
void write_hugging_face(const Model& model, const std::filesystem::path& folder,
                        const FolderOptions& options = {});

// The config.json that goes with the model.
nlohmann::json hugging_face_config(const Model& model, bool multimodal = false);

struct SafetensorsEntry {
  std::string name, dtype;
  std::vector<std::uint64_t> shape;  // Outermost first, as the file has it.
  std::string data;
};
std::string safetensors_bytes(std::span<const SafetensorsEntry> tensors);

std::string tokenizer_json(const Vocabulary& vocabulary);
std::string sentencepiece_model(const Vocabulary& vocabulary);

}  // namespace saseo
