// A short run of a model: does its forward pass give numbers, and how fast is it on this machine?
#pragma once

#include <stop_token>

#include "base/result.h"
#include "engine/model/model.h"
#include "engine/runtime/session.h"

namespace saseo {

// What a trial takes, for check_memory(); it is the same for every model.
SessionOptions trial_options();

// Reads 64 tokens and writes 16, whatever they are. Fails when a layer computes what is not a
// number, naming it, and with kCancelled when stopped. Runs repeat, but for the seconds.
Result<GenerationStats> try_model(const Model& model, std::stop_token stop = {});

}  // namespace saseo
