// How the next token is chosen, for whatever lets a model write.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/model/model.h"
#include "engine/runtime/sampler.h"

namespace saseo::app {

// Where not given the file's own values hold, else those of SamplingOptions.
struct SamplingChoice {
  std::optional<float> temperature, top_p, min_p, repetition_penalty, presence_penalty,
      frequency_penalty;
  std::optional<std::int32_t> top_k;
  std::uint64_t seed = 0;
};

SamplingOptions sampling_options(const SamplingChoice& choice, const Model& model);

}  // namespace saseo::app
