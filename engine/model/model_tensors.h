// The one list of a model's tensors: what each is called (as GGUF has it), where it lies in Model and
// which shape the config gives it. Binding, panels, scans and the identity of a model go through it.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/model_parts.h"

namespace saseo {

inline constexpr std::string_view kEmbeddingName = "token_embd.weight";    // (vocab, d)
inline constexpr std::string_view kOutputName = "output.weight";           // (vocab, d), or tied
inline constexpr std::string_view kOutputNormName = "output_norm.weight";  // (d)

// A width of the glossary (model_config.h), of a config.
using ModelWidth = std::uint32_t (*)(const ModelConfig&);
namespace width {
inline constexpr ModelWidth kD = [](const ModelConfig& c) { return c.d; };
inline constexpr ModelWidth kFf = [](const ModelConfig& c) { return c.ff; };
inline constexpr ModelWidth kQDim = [](const ModelConfig& c) { return c.q_dim(); };
inline constexpr ModelWidth kKvDim = [](const ModelConfig& c) { return c.kv_dim(); };
inline constexpr ModelWidth kHeadDim = [](const ModelConfig& c) { return c.head_dim; };
}  // namespace width

// A matrix (rows, cols) that every layer has.
struct LayerMatrix {
  std::string_view name;
  WeightMatrix LayerWeights::*matrix;
  ModelWidth rows, cols;
};
// In the order of the forward pass.
inline constexpr LayerMatrix kLayerMatrices[] = {
    {"attn_q", &LayerWeights::q, width::kQDim, width::kD},
    {"attn_k", &LayerWeights::k, width::kKvDim, width::kD},
    {"attn_v", &LayerWeights::v, width::kKvDim, width::kD},
    {"attn_output", &LayerWeights::attention_output, width::kD, width::kQDim},
    {"ffn_gate", &LayerWeights::gate, width::kFf, width::kD},
    {"ffn_up", &LayerWeights::up, width::kFf, width::kD},
    {"ffn_down", &LayerWeights::down, width::kD, width::kFf},
};

// The weights of a norm that layers have from an architecture on.
struct LayerNorm {
  std::string_view name;
  std::vector<float> LayerWeights::*weights;
  ModelWidth size;
  Architecture since;
};
inline constexpr LayerNorm kLayerNorms[] = {
    {"attn_norm", &LayerWeights::attention_norm, width::kD, Architecture::kGemma},
    {"attn_q_norm", &LayerWeights::q_norm, width::kHeadDim, Architecture::kGemma3},
    {"attn_k_norm", &LayerWeights::k_norm, width::kHeadDim, Architecture::kGemma3},
    {"post_attention_norm", &LayerWeights::post_attention_norm, width::kD, Architecture::kGemma2},
    {"ffn_norm", &LayerWeights::ffn_norm, width::kD, Architecture::kGemma},
    {"post_ffw_norm", &LayerWeights::post_ffn_norm, width::kD, Architecture::kGemma2},
};

// "blk.3.attn_q.weight"
inline std::string layer_tensor_name(std::size_t layer, std::string_view part) {
  return fmt::format("blk.{}.{}.weight", layer, part);
}

// Calls visit(name, matrix) for each matrix of the model, in the order of the forward pass. A tied
// output comes last, too: its data is the embedding's.
template <typename ModelType, typename Visit>
void for_each_matrix(ModelType& model, Visit&& visit) {
  visit(std::string(kEmbeddingName), model.embedding);
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    for (const LayerMatrix& m : kLayerMatrices)
      visit(layer_tensor_name(i, m.name), model.layers[i].*m.matrix);
  }
  visit(std::string(kOutputName), model.output);
}

}  // namespace saseo
