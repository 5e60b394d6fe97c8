// Small models with random weights, made in memory: for what the forward pass must hold whatever
// the weights are.
#pragma once

#include <cmath>
#include <random>

#include "engine/model/model.h"
#include "tests/engine/random_weights.h"

namespace saseo {

struct RandomModelShape {
  Architecture architecture = Architecture::kGemma2;
  std::uint32_t layers = 3;
  std::uint32_t heads = 4;
  std::uint32_t kv_heads = 2;
  std::uint32_t head_dim = 64;
  std::uint32_t window = 16;
  TensorType type = TensorType::kQ8_0;
  bool tied_head = true;
  std::uint32_t d = 128;  // 256 where the type's blocks are.
  std::uint32_t vocab = 160;
  unsigned seed = 1;
};

class RandomModelMaker {
 public:
  explicit RandomModelMaker(const RandomModelShape& shape) : shape_(shape), random_(shape.seed) {}

  Model make() {
    ModelConfig& c = model_.config;
    c = {.architecture = shape_.architecture,
         .layers = shape_.layers,
         .d = shape_.d,
         .ff = 2 * shape_.d,
         .heads = shape_.heads,
         .kv_heads = shape_.kv_heads,
         .head_dim = shape_.head_dim,
         .vocab = shape_.vocab,
         .context = 512};
    c.query_scale = 1.0f / std::sqrt(static_cast<float>(c.head_dim));
    if (c.architecture != Architecture::kGemma) {
      c.window = shape_.window;
      c.window_period = c.architecture == Architecture::kGemma2 ? 2 : 6;
    }
    if (c.architecture == Architecture::kGemma2) {
      c.attention_softcap = 50;
      c.logit_softcap = 30;
    }
    if (c.architecture == Architecture::kGemma3) {
      c.rope_base_global = 1e6f;
      c.rope_scale_global = 8;
    }
    model_.name = "random";
    model_.embedding = model_.output = matrix(c.vocab, c.d, 0.05f);
    if (!shape_.tied_head) model_.output = matrix(c.vocab, c.d, 0.05f);
    model_.output_norm = norm(c.d);
    for (std::uint32_t i = 0; i < c.layers; ++i) model_.layers.push_back(layer());
    return std::move(model_);
  }

 private:
  LayerWeights layer() {
    const ModelConfig& c = model_.config;
    LayerWeights w;
    w.attention_norm = norm(c.d);
    w.q = matrix(c.q_dim(), c.d, 0.1f);
    w.k = matrix(c.kv_dim(), c.d, 0.1f);
    w.v = matrix(c.kv_dim(), c.d, 0.1f);
    w.attention_output = matrix(c.d, c.q_dim(), 0.1f);
    w.ffn_norm = norm(c.d);
    w.gate = matrix(c.ff, c.d, 0.1f);
    w.up = matrix(c.ff, c.d, 0.1f);
    w.down = matrix(c.d, c.ff, 0.1f);
    if (c.architecture != Architecture::kGemma) {
      w.post_attention_norm = norm(c.d);
      w.post_ffn_norm = norm(c.d);
    }
    if (c.architecture == Architecture::kGemma3) w.q_norm = w.k_norm = norm(c.head_dim);
    return w;
  }

  std::vector<float> norm(std::uint32_t size) {
    std::uniform_real_distribution<float> around_one(0.8f, 1.2f);
    std::vector<float> values(size);
    // Multiples of 1/256: less 1, they are exact in bfloat16 too.
    for (float& v : values) v = std::round(around_one(random_) * 256) / 256;
    return values;
  }

  WeightMatrix matrix(std::uint32_t rows, std::uint32_t cols, float deviation) {
    const std::size_t bytes = rows * row_bytes(shape_.type, cols);
    model_.owned.push_back(std::make_unique<std::byte[]>(bytes));
    std::byte* data = model_.owned.back().get();
    fill_random_weights(shape_.type, deviation, random_, data, bytes);
    return {shape_.type, rows, cols, data};
  }

  RandomModelShape shape_;
  std::mt19937 random_;
  Model model_;
};

inline Model random_model(const RandomModelShape& shape) { return RandomModelMaker(shape).make(); }

}  // namespace saseo
