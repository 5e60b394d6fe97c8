// Writes a GGUF file of the shape of a real Gemma model with random weights, to measure speed and
// memory without the real weights; what it says means nothing.
//
//   make_model OUT.gguf [--shape 2b|9b|3-1b|3-4b] [--type q4_k_m|q4_0|q8_0|bf16]
//              [--tokenizer tokenizer.json] [--seed N]
//
// As quantisers do, the tied embedding is Q6_K in the 4-bit files, and q4_k_m has Q6_K for attn_v
// and ffn_down of the first and the last eighth of the layers and of every third layer between.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <map>
#include <random>

#include "base/files.h"
#include "engine/vocabulary_files.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_weights.h"

namespace {

using saseo::Architecture;
using saseo::ModelConfig;
using saseo::TensorType;

const std::map<std::string, ModelConfig> kShapes = {{"2b",
                                                     {.architecture = Architecture::kGemma2,
                                                      .layers = 26,
                                                      .d = 2304,
                                                      .ff = 9216,
                                                      .heads = 8,
                                                      .kv_heads = 4,
                                                      .head_dim = 256,
                                                      .vocab = 256000,
                                                      .context = 8192}},
                                                    {"9b",
                                                     {.architecture = Architecture::kGemma2,
                                                      .layers = 42,
                                                      .d = 3584,
                                                      .ff = 14336,
                                                      .heads = 16,
                                                      .kv_heads = 8,
                                                      .head_dim = 256,
                                                      .vocab = 256000,
                                                      .context = 8192}},
                                                    {"3-1b",
                                                     {.architecture = Architecture::kGemma3,
                                                      .layers = 26,
                                                      .d = 1152,
                                                      .ff = 6912,
                                                      .heads = 4,
                                                      .kv_heads = 1,
                                                      .head_dim = 256,
                                                      .vocab = 262144,
                                                      .context = 32768}},
                                                    {"3-4b",
                                                     {.architecture = Architecture::kGemma3,
                                                      .layers = 34,
                                                      .d = 2560,
                                                      .ff = 10240,
                                                      .heads = 8,
                                                      .kv_heads = 4,
                                                      .head_dim = 256,
                                                      .vocab = 262144,
                                                      .context = 131072}}};

void complete(ModelConfig& c, const std::string& shape) {
  c.query_scale = 1.0f / std::sqrt(static_cast<float>(c.head_dim));
  if (c.architecture == Architecture::kGemma2) {
    c.window = 4096;
    c.window_period = 2;
    c.attention_softcap = 50;
    c.logit_softcap = 30;
  } else {
    c.window = shape == "3-1b" ? 512 : 1024;
    c.window_period = 6;
    c.rope_base_global = 1e6f;
    c.rope_scale_global = shape == "3-1b" ? 1 : 8;
  }
}

// Norms are made; matrices have a type and a shape, and no data.
saseo::Model model_of(const ModelConfig& c, const std::string& type, std::mt19937& random) {
  static const std::map<std::string, TensorType> kTypes = {{"q4_k_m", TensorType::kQ4_K},
                                                           {"q4_0", TensorType::kQ4_0},
                                                           {"q8_0", TensorType::kQ8_0},
                                                           {"bf16", TensorType::kBF16}};
  const bool four_bits = type.starts_with("q4");
  // 3-1b: rows of 1152 are not whole blocks of 256, for which quantisers take Q5_0 and Q8_0.
  const auto fitting = [](TensorType wanted, std::uint32_t cols) {
    if (cols % saseo::tensor_type_info(wanted).block_elements == 0) return wanted;
    return wanted == TensorType::kQ4_K ? TensorType::kQ5_0 : TensorType::kQ8_0;
  };
  const auto matrix = [&](TensorType wanted, std::uint32_t rows, std::uint32_t cols) {
    return saseo::WeightMatrix{fitting(wanted, cols), rows, cols, nullptr};
  };
  const auto norm = [&](std::uint32_t size, float gain) {
    std::uniform_real_distribution<float> around_one(0.9f, 1.1f);
    std::vector<float> values(size);
    for (float& value : values) value = gain * around_one(random);
    return values;
  };
  const TensorType plain = kTypes.at(type);
  saseo::Model model;
  model.config = c;
  model.embedding = matrix(four_bits ? TensorType::kQ6_K : plain, c.vocab, c.d);
  model.output = model.embedding;
  model.output_norm = norm(c.d, 4);
  for (std::uint32_t i = 0; i < c.layers; ++i) {
    const std::uint32_t eighth = c.layers / 8;
    const bool rich = i < eighth || i >= c.layers - eighth || (i - eighth) % 3 == 2;
    const TensorType better = type == "q4_k_m" && rich ? TensorType::kQ6_K : plain;
    saseo::LayerWeights& w = model.layers.emplace_back();
    w.attention_norm = norm(c.d, 1);
    w.q = matrix(plain, c.q_dim(), c.d);
    w.k = matrix(plain, c.kv_dim(), c.d);
    w.v = matrix(better, c.kv_dim(), c.d);
    w.attention_output = matrix(plain, c.d, c.q_dim());
    w.post_attention_norm = norm(c.d, 1);
    w.ffn_norm = norm(c.d, 1);
    w.gate = matrix(plain, c.ff, c.d);
    w.up = matrix(plain, c.ff, c.d);
    w.down = matrix(better, c.d, c.ff);
    w.post_ffn_norm = norm(c.d, 1);
    if (c.architecture == Architecture::kGemma3) {
      w.q_norm = norm(c.head_dim, 1);
      w.k_norm = norm(c.head_dim, 1);
    }
  }
  return model;
}

saseo::Result<saseo::Vocabulary> vocabulary_of(const std::string& tokenizer, std::uint32_t size) {
  if (tokenizer.empty()) return saseo::small_vocabulary(size);
  SASEO_ASSIGN_OR_RETURN(const auto file, saseo::MappedFile::open(tokenizer));
  SASEO_ASSIGN_OR_RETURN(auto vocabulary,
                         saseo::vocabulary_of_tokenizer_json(file.text(), tokenizer));
  vocabulary.pieces.resize(size);
  vocabulary.scores.resize(size);
  vocabulary.kinds.resize(size, saseo::TokenKind::kUnused);
  return vocabulary;
}

saseo::Status write(const saseo::Model& model, const std::string& path, std::mt19937& random) {
  saseo::GgufHeader header = saseo::metadata_of(model);
  const auto tensors = saseo::tensors_of(model);
  for (const auto& tensor : tensors) header.add_tensor(tensor.name, tensor.type, tensor.shape);
  SASEO_ASSIGN_OR_RETURN(auto writer, saseo::GgufWriter::create(path, header));
  std::vector<std::byte> row;
  for (const auto& tensor : tensors) {
    if (tensor.shape.size() == 1) {
      SASEO_RETURN_IF_ERROR(writer.append(tensor.data));
      continue;
    }
    const std::uint64_t cols = tensor.shape[0];
    const float deviation =
        tensor.name == "token_embd.weight" ? 0.03f : 1.0f / std::sqrt(static_cast<float>(cols));
    row.resize(saseo::row_bytes(tensor.type, cols));
    for (std::uint64_t r = 0; r < tensor.shape[1]; ++r) {
      saseo::fill_random_weights(tensor.type, deviation, random, row.data(), row.size());
      SASEO_RETURN_IF_ERROR(writer.append(row));
    }
  }
  return writer.finish();
}

saseo::Status make(const std::string& path, const std::string& shape, const std::string& type,
                   const std::string& tokenizer, unsigned seed) {
  std::mt19937 random(seed);
  ModelConfig config = kShapes.at(shape);
  complete(config, shape);
  saseo::Model model = model_of(config, type, random);
  model.name = fmt::format("random-{}-{}", shape, type);
  SASEO_ASSIGN_OR_RETURN(model.vocabulary, vocabulary_of(tokenizer, config.vocab));
  return write(model, path, random);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Writes a GGUF file of a real Gemma shape with random weights.");
  std::string path, shape = "2b", type = "q4_k_m", tokenizer;
  unsigned seed = 1;
  app.add_option("out", path)->required();
  app.add_option("--shape", shape)->check(CLI::IsMember({"2b", "9b", "3-1b", "3-4b"}));
  app.add_option("--type", type)->check(CLI::IsMember({"q4_k_m", "q4_0", "q8_0", "bf16"}));
  app.add_option("--tokenizer", tokenizer, "A tokenizer.json for the vocabulary");
  app.add_option("--seed", seed);
  CLI11_PARSE(app, argc, argv);
  const auto start = std::chrono::steady_clock::now();
  const saseo::Status status = make(path, shape, type, tokenizer, seed);
  if (!status.ok()) {
    fmt::print(stderr, "{}\n", status.error().message);
    return 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  fmt::print("{}: {:.2f} GB in {:.1f} s\n", path,
             static_cast<double>(std::filesystem::file_size(path)) / 1e9, took.count());
  return 0;
}
