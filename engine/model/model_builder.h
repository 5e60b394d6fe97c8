// Binds named tensors to the places that the architecture has for them, checking each shape.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/model/model_parts.h"

namespace saseo {

// A tensor as a container holds it, under its GGUF name; shape innermost first.
struct RawTensor {
  TensorType type = TensorType::kF32;
  std::vector<std::uint64_t> shape;
  const std::byte* data = nullptr;
};

struct TensorSource {
  std::filesystem::path path;  // For messages.
  std::function<std::optional<RawTensor>(std::string_view name)> find;
  // What to call a tensor in messages: the container's own name for a GGUF name.
  std::function<std::string(std::string_view name)> name_in_file;
  float norm_bias = 0;  // Added to norm weights: 1 where the file stores weight - 1.
};

// Names an architecture that this engine does not run, and what to take.
Error unsupported_architecture(const std::filesystem::path& path, std::string_view name);

// The rows of the embedding, which are the model's vocabulary.
Result<std::uint32_t> embedding_rows(const TensorSource& source, Architecture architecture);

// Fills model.embedding, output, output_norm and layers from model.config, which must be complete.
Status bind_weights(const TensorSource& source, Model& model);

// Checks the numbers of a config against each other and against what the engine can run: sizes that
// are not zero nor absurd, heads a multiple of kv_heads, head_dim a multiple of 32.
Status check_config(const ModelConfig& config, const std::filesystem::path& path);

// Checks the vocabulary against itself and the embedding: as many pieces as rows, special tokens
// within, scores that are numbers.
Status check_vocabulary(const Vocabulary& vocabulary, const ModelConfig& config,
                        const std::filesystem::path& path);

}  // namespace saseo
