#include "app/models/sampling_choice.h"

namespace saseo::app {

SamplingOptions sampling_options(const SamplingChoice& choice, const Model& model) {
  SamplingOptions sampling = sampling_of(model.sampling);
  const auto set = [](auto& value, const auto& given) {
    if (given) value = *given;
  };
  set(sampling.temperature, choice.temperature);
  set(sampling.top_k, choice.top_k);
  set(sampling.top_p, choice.top_p);
  set(sampling.min_p, choice.min_p);
  set(sampling.repetition_penalty, choice.repetition_penalty);
  set(sampling.presence_penalty, choice.presence_penalty);
  set(sampling.frequency_penalty, choice.frequency_penalty);
  sampling.seed = choice.seed;
  return sampling;
}

}  // namespace saseo::app
