// How the next token is chosen, the same options for every command that lets a model write.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/model/model.h"
#include "engine/runtime/sampler.h"

namespace saseo::cli {

// Where not given the file's own values hold, else those of SamplingOptions.
struct SamplingArguments {
  std::optional<float> temperature, top_p, min_p, repetition_penalty, presence_penalty,
      frequency_penalty;
  std::optional<std::int32_t> top_k;
  std::uint64_t seed = 0;
};

// `temperature`: what the help says of it, as its default differs.
void add_sampling_options(CLI::App& command, SamplingArguments& arguments,
                          const std::string& temperature);

SamplingOptions sampling_options(const SamplingArguments& arguments, const Model& model);

}  // namespace saseo::cli
