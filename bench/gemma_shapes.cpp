#include "bench/gemma_shapes.h"

#include <array>
#include <cmath>
#include <map>
#include <vector>

namespace saseo {
namespace {

ModelConfig gemma(std::uint32_t layers, std::uint32_t d, std::uint32_t ff, std::uint32_t heads,
                  std::uint32_t kv_heads) {
  ModelConfig c = {.architecture = Architecture::kGemma,
                   .layers = layers,
                   .d = d,
                   .ff = ff,
                   .heads = heads,
                   .kv_heads = kv_heads,
                   .head_dim = 256,
                   .vocab = 256000,
                   .context = 8192};
  c.query_scale = 1.0f / 16;
  return c;
}

ModelConfig gemma2(std::uint32_t layers, std::uint32_t d, std::uint32_t ff, std::uint32_t heads,
                   std::uint32_t kv_heads) {
  ModelConfig c = gemma(layers, d, ff, heads, kv_heads);
  c.architecture = Architecture::kGemma2;
  c.window = 4096;
  c.window_period = 2;
  c.attention_softcap = 50;
  c.logit_softcap = 30;
  return c;
}

ModelConfig gemma3(std::uint32_t layers, std::uint32_t d, std::uint32_t ff, std::uint32_t heads,
                   std::uint32_t kv_heads) {
  const bool small = d < 2560;  // 270M and 1B.
  ModelConfig c = gemma(layers, d, ff, heads, kv_heads);
  c.architecture = Architecture::kGemma3;
  c.vocab = 262144;
  c.context = small ? 32768 : 131072;
  c.window = small ? 512 : 1024;
  c.window_period = 6;
  c.rope_base_global = 1e6f;
  c.rope_scale_global = small ? 1 : 8;
  return c;
}

// The 27B models have heads of 128 and scale queries by the width per head.
ModelConfig with_narrow_heads(ModelConfig c) {
  c.head_dim = 128;
  c.query_scale = 1.0f / std::sqrt(static_cast<float>(c.d) / static_cast<float>(c.heads));
  return c;
}

struct FileType {
  TensorType plain, better, embedding;
};
const std::map<std::string_view, FileType> kFileTypes = {
    {"q4_0", {TensorType::kQ4_0, TensorType::kQ4_0, TensorType::kQ6_K}},
    {"q4_k_m", {TensorType::kQ4_K, TensorType::kQ6_K, TensorType::kQ6_K}},
    {"q5_k_m", {TensorType::kQ5_K, TensorType::kQ6_K, TensorType::kQ6_K}},
    {"q6_k", {TensorType::kQ6_K, TensorType::kQ6_K, TensorType::kQ6_K}},
    {"q8_0", {TensorType::kQ8_0, TensorType::kQ8_0, TensorType::kQ8_0}},
    {"bf16", {TensorType::kBF16, TensorType::kBF16, TensorType::kBF16}}};

// What quantisers take for rows that are not whole blocks of the wanted type.
TensorType fitting(TensorType wanted, std::uint32_t cols) {
  if (cols % tensor_type_info(wanted).block_elements == 0) return wanted;
  switch (wanted) {
    case TensorType::kQ4_K:
      return TensorType::kQ5_0;
    case TensorType::kQ5_K:
      return TensorType::kQ5_1;
    default:
      return TensorType::kQ8_0;
  }
}

std::vector<float> norm_around(float gain, std::uint32_t size, std::mt19937& random) {
  std::uniform_real_distribution<float> around_one(0.9f, 1.1f);
  std::vector<float> values(size);
  for (float& value : values) value = gain * around_one(random);
  return values;
}

}  // namespace

std::span<const GemmaShape> gemma_shapes() {
  static const std::array shapes = {
      GemmaShape{"1-2b", "Gemma 1 2B", gemma(18, 2048, 16384, 8, 1)},
      GemmaShape{"1-7b", "Gemma 1 7B", gemma(28, 3072, 24576, 16, 16)},
      GemmaShape{"2b", "Gemma 2 2B", gemma2(26, 2304, 9216, 8, 4)},
      GemmaShape{"9b", "Gemma 2 9B", gemma2(42, 3584, 14336, 16, 8)},
      GemmaShape{"27b", "Gemma 2 27B", with_narrow_heads(gemma2(46, 4608, 36864, 32, 16))},
      GemmaShape{"3-270m", "Gemma 3 270M", gemma3(18, 640, 2048, 4, 1)},
      GemmaShape{"3-1b", "Gemma 3 1B", gemma3(26, 1152, 6912, 4, 1)},
      GemmaShape{"3-4b", "Gemma 3 4B", gemma3(34, 2560, 10240, 8, 4)},
      GemmaShape{"3-12b", "Gemma 3 12B", gemma3(48, 3840, 15360, 16, 8)},
      GemmaShape{"3-27b", "Gemma 3 27B", with_narrow_heads(gemma3(62, 5376, 21504, 32, 16))}};
  return shapes;
}

std::span<const std::string_view> gemma_file_types() {
  static constexpr std::array<std::string_view, 6> types = {"q4_0", "q4_k_m", "q5_k_m",
                                                            "q6_k", "q8_0",   "bf16"};
  return types;
}

Model hollow_model(const ModelConfig& c, std::string_view type, std::mt19937& random) {
  const FileType types = kFileTypes.at(type);
  const auto matrix = [](TensorType wanted, std::uint32_t rows, std::uint32_t cols) {
    return WeightMatrix{fitting(wanted, cols), rows, cols, nullptr};
  };
  const auto norm = [&](std::uint32_t size, float gain = 1) {
    return norm_around(gain, size, random);
  };
  Model model;
  model.config = c;
  model.embedding = model.output = matrix(types.embedding, c.vocab, c.d);
  model.output_norm = norm(c.d, 4);
  for (std::uint32_t i = 0; i < c.layers; ++i) {
    const std::uint32_t eighth = c.layers / 8;
    const bool rich = i < eighth || i >= c.layers - eighth || (i - eighth) % 3 == 2;
    const TensorType value = rich ? types.better : types.plain;
    LayerWeights& w = model.layers.emplace_back();
    w.attention_norm = norm(c.d);
    w.q = matrix(types.plain, c.q_dim(), c.d);
    w.k = matrix(types.plain, c.kv_dim(), c.d);
    w.v = matrix(value, c.kv_dim(), c.d);
    w.attention_output = matrix(types.plain, c.d, c.q_dim());
    w.ffn_norm = norm(c.d);
    w.gate = matrix(types.plain, c.ff, c.d);
    w.up = matrix(types.plain, c.ff, c.d);
    w.down = matrix(value, c.d, c.ff);
    if (c.architecture != Architecture::kGemma) {
      w.post_attention_norm = norm(c.d);
      w.post_ffn_norm = norm(c.d);
    }
    if (c.architecture == Architecture::kGemma3) {
      w.q_norm = norm(c.head_dim);
      w.k_norm = norm(c.head_dim);
    }
  }
  return model;
}

}  // namespace saseo
