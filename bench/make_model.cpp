// Writes a GGUF file of the shape of a real Gemma model with random weights, to measure speed and
// memory without the real weights; what it says means nothing.
//
//   make_model OUT.gguf [--shape 2b|9b|3-1b|...] [--type q4_k_m|q4_0|q8_0|...]
//              [--tokenizer tokenizer.json] [--seed N]
//
// Shapes and types: gemma_shapes.h.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>

#include "base/files.h"
#include "bench/gemma_shapes.h"
#include "engine/vocabulary/vocabulary_files.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_weights.h"

namespace {

using saseo::ModelConfig;

const ModelConfig& config_of(const std::string& shape) {
  return std::ranges::find(saseo::gemma_shapes(), shape, &saseo::GemmaShape::name)->config;
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
  const ModelConfig& config = config_of(shape);
  saseo::Model model = saseo::hollow_model(config, type, random);
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
  std::vector<std::string> shapes, types;
  for (const saseo::GemmaShape& known : saseo::gemma_shapes()) shapes.emplace_back(known.name);
  for (const std::string_view known : saseo::gemma_file_types()) types.emplace_back(known);
  app.add_option("--shape", shape)->check(CLI::IsMember(shapes));
  app.add_option("--type", type)->check(CLI::IsMember(types));
  app.add_option("--tokenizer", tokenizer, "A tokenizer.json for the vocabulary");
  app.add_option("--seed", seed);
  CLI11_PARSE(app, argc, argv);
  const auto start = std::chrono::steady_clock::now();
  const saseo::Status status = make(path, shape, type, tokenizer, seed);
  if (!status.ok()) {
    fmt::print(stderr, "{}\n", status.error().message.english);
    return 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  fmt::print("{}: {:.2f} GB in {:.1f} s\n", path,
             static_cast<double>(std::filesystem::file_size(path)) / 1e9, took.count());
  return 0;
}
