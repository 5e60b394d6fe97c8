// A model whose weights say given texts, as a file that the engine runs like every other: for tests
// of what happens to a known answer on its way from the weights to the person.
//
//   embedding   row t: random signs, nearly orthogonal to every other row
//   output      row next(t) = embedding row t: each token brings its follower, 0 for all others
//   attention   of one layer: averages dimension 0, which kMarker alone has. Where the prompt holds
//               that word anywhere, the rewriting's first token beats the answer's.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "engine/model/model.h"
#include "tests/engine/made_vocabulary.h"
#include "tests/engine/model_files.h"

namespace saseo {

struct SpokenTexts {
  // Tokens in the order in which they are said, each unlike every other; "<0xEA>" is a byte.
  std::vector<std::string> answer;
  std::vector<std::string> rewriting;  // Of a follow-up; empty: the answer is said then too.
  std::uint32_t context = 8192;
};

class SpokenModelMaker {
 public:
  explicit SpokenModelMaker(const SpokenTexts& texts) : texts_(texts) {}

  Model make() {
    const std::vector<TokenId> answer = add(texts_.answer), rewriting = add(texts_.rewriting);
    const TokenId marker = add({"고", "친", kMarker}).back();
    model_.name = "spoken";
    ModelConfig& c = model_.config;
    c = {.architecture = Architecture::kGemma2,
         .layers = 1,
         .d = kWidth,
         .ff = kWidth,
         .heads = 1,
         .kv_heads = 1,
         .head_dim = 64,
         .vocab = static_cast<std::uint32_t>(vocabulary_.pieces.size()),
         .context = texts_.context,
         .query_scale = 0.125f,
         .window = texts_.context,
         .window_period = 2,
         .attention_softcap = 1e4f,
         .logit_softcap = 1e4f};

    float* embedding = matrix(model_.embedding, c.vocab, kWidth);
    std::mt19937 random(5);
    for (std::size_t row = 0; row < c.vocab; ++row)
      for (std::size_t i = 1; i < kWidth; ++i)
        embedding[row * kWidth + i] = random() % 2 == 0 ? 1.0f : -1.0f;
    embedding[static_cast<std::size_t>(marker) * kWidth] = 8;

    float* output = matrix(model_.output, c.vocab, kWidth);
    const auto follow = [&](TokenId before, TokenId after, float strength) {
      for (std::size_t i = 0; i < kWidth; ++i)
        output[after * kWidth + i] += strength * embedding[before * kWidth + i];
    };
    // A prompt ends with the line break after "<start_of_turn>model".
    for (const auto& [tokens, strength] : {std::pair(answer, 1.0f), std::pair(rewriting, 0.9f)}) {
      if (tokens.empty()) continue;
      follow(kFirstNewline, tokens.front(), strength);
      for (std::size_t i = 1; i < tokens.size(); ++i) follow(tokens[i - 1], tokens[i], 1);
      follow(tokens.back(), kEndOfTurn, 1);
    }
    if (!rewriting.empty()) output[static_cast<std::size_t>(rewriting.front()) * kWidth] = 30;

    LayerWeights layer;
    const std::vector<float> ones(kWidth, 1.0f);
    layer.attention_norm = layer.post_attention_norm = layer.ffn_norm = layer.post_ffn_norm = ones;
    model_.output_norm = ones;
    matrix(layer.q, c.q_dim(), kWidth);
    matrix(layer.k, c.kv_dim(), kWidth);
    matrix(layer.v, c.kv_dim(), kWidth)[0] = 100;
    matrix(layer.attention_output, kWidth, c.q_dim())[0] = 1;
    matrix(layer.gate, c.ff, kWidth);
    matrix(layer.up, c.ff, kWidth);
    matrix(layer.down, kWidth, c.ff);
    model_.layers.push_back(std::move(layer));
    model_.vocabulary = vocabulary_;
    return std::move(model_);
  }

 private:
  static constexpr std::uint32_t kWidth = 128;
  // In the prompts that ask for a rewriting in Korean, and in no other.
  static constexpr const char* kMarker = "고친";

  std::vector<TokenId> add(const std::vector<std::string>& pieces) {
    std::vector<TokenId> ids;
    for (std::string piece : pieces) {
      for (std::size_t at = 0; (at = piece.find(' ', at)) != std::string::npos;)
        piece.replace(at, 1, "\u2581");
      const auto known = std::ranges::find(vocabulary_.pieces, piece);
      ids.push_back(static_cast<TokenId>(known - vocabulary_.pieces.begin()));
      if (known != vocabulary_.pieces.end()) continue;
      vocabulary_.pieces.push_back(piece);
      vocabulary_.scores.push_back(-1000.0f - static_cast<float>(ids.back()));
      vocabulary_.kinds.push_back(TokenKind::kNormal);
    }
    return ids;
  }

  // All zero; borrowed from the model.
  float* matrix(WeightMatrix& weights, std::uint32_t rows, std::uint32_t cols) {
    const std::size_t bytes = std::size_t{rows} * cols * sizeof(float);
    model_.owned.push_back(std::make_unique<std::byte[]>(bytes));
    weights = {TensorType::kF32, rows, cols, model_.owned.back().get()};
    return reinterpret_cast<float*>(model_.owned.back().get());
  }

  const SpokenTexts& texts_;
  Vocabulary vocabulary_ = small_vocabulary();
  Model model_;
};

inline Model spoken_model(const SpokenTexts& texts) { return SpokenModelMaker(texts).make(); }

}  // namespace saseo
