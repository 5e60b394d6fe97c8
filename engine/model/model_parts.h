// A model as opened from disk, whatever its container: shape, weights, vocabulary, template. All of
// it was checked (open_model), so the forward pass has no error path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/message.h"
#include "base/pages.h"
#include "base/result.h"
#include "engine/files/tensor_type.h"
#include "engine/model/model_config.h"
#include "engine/vocabulary/vocabulary.h"

namespace saseo {

// A matrix of weights: `rows` rows of `cols` elements, row-major, rows packed without gaps, or in
// panels (engine/model/panels.h). A vector has one row. Applied as  y (rows) = W (rows, cols) x
// (cols).
struct WeightMatrix {
  TensorType type = TensorType::kF32;
  std::uint32_t rows = 0;
  std::uint32_t cols = 0;
  const std::byte* data = nullptr;  // Borrowed from the Model.
  bool in_panels = false;

  bool empty() const { return data == nullptr; }
  // Not of a matrix in panels.
  const std::byte* row(std::size_t r) const { return data + r * row_bytes(type, cols); }
  std::size_t bytes() const { return rows * row_bytes(type, cols); }
};

// Norm weights are (d) or (head_dim) floats that multiply directly: files which store weight - 1
// were corrected on opening. Empty vectors: the architecture has no such norm.
struct LayerWeights {
  std::vector<float> attention_norm;       // (d)
  WeightMatrix q;                          // (q_dim, d)
  WeightMatrix k;                          // (kv_dim, d)
  WeightMatrix v;                          // (kv_dim, d)
  std::vector<float> q_norm;               // (head_dim), gemma3
  std::vector<float> k_norm;               // (head_dim), gemma3
  WeightMatrix attention_output;           // (d, q_dim)
  std::vector<float> post_attention_norm;  // (d), gemma2 and gemma3
  std::vector<float> ffn_norm;             // (d)
  WeightMatrix gate;                       // (ff, d)
  WeightMatrix up;                         // (ff, d)
  WeightMatrix down;                       // (d, ff)
  std::vector<float> post_ffn_norm;        // (d), gemma2 and gemma3
};

// A tensor as it lies in the file, for `models show`; `shape` is innermost first, as GGUF has it.
struct TensorInfo {
  std::string name;
  TensorType type = TensorType::kF32;
  std::vector<std::uint64_t> shape;
  std::uint64_t bytes = 0;
};

// What the file says of sampling (general.sampling.*, generation_config.json).
struct SamplingDefaults {
  std::optional<float> temperature, top_p, min_p, repetition_penalty;
  std::optional<std::int32_t> top_k;
};

struct Model {
  ModelConfig config;
  std::string name;          // general.name, or the file's stem.
  std::string quantization;  // "Q4_K_M"-like name of the file type, or the commonest weight type.
  std::string license;       // As the file states it; may be empty.
  std::uint64_t parameters = 0;
  Vocabulary vocabulary;
  std::string chat_template;  // Jinja text; only looked at to tell template families apart.
  SamplingDefaults sampling;

  WeightMatrix embedding;          // (vocab, d)
  WeightMatrix output;             // (vocab, d); the embedding itself where the head is tied.
  std::vector<float> output_norm;  // (d)
  std::vector<LayerWeights> layers;

  std::vector<TensorInfo> tensors;                        // In file order.
  std::vector<std::pair<std::string, Message>> metadata;  // key, value shortened for people.
  std::vector<std::filesystem::path> paths;               // The files it was read from.
  std::uint64_t file_bytes = 0;

  std::vector<MappedFile> files;                    // What the matrices borrow from.
  std::vector<std::unique_ptr<std::byte[]>> owned;  // Tensors that had to be rewritten.
  std::vector<Pages> pages;                         // Matrices in panels (model_panels.h).
  MappedFile prepacked;                             // Or these are mapped (prepacked.h), from
  std::filesystem::path prepacked_path;             // this file; empty: not.
};

}  // namespace saseo
