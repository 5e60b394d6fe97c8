// The shapes of the published Gemma models of generations 1 to 3, and how quantisers mix types in
// their files.
#pragma once

#include <random>
#include <span>
#include <string>
#include <string_view>

#include "engine/model/model.h"

namespace saseo {

struct GemmaShape {
  std::string_view name;       // As make_model takes it: "2b" is Gemma 2 2B.
  std::string_view published;  // "Gemma 2 2B"
  ModelConfig config;
};
std::span<const GemmaShape> gemma_shapes();

// Types of files: q4_0, q4_k_m, q5_k_m, q6_k, q8_0, bf16.
std::span<const std::string_view> gemma_file_types();

// A model of this shape whose matrices have a type and a shape, and no data; norms are made.
// The tied embedding is Q6_K in files of 4 and 5 bits; the _k_m kinds have Q6_K for attn_v and
// ffn_down of the first and the last eighth of the layers and of every third layer between.
Model hollow_model(const ModelConfig& config, std::string_view type, std::mt19937& random);

}  // namespace saseo
