// Reads all weights of a model once, for numbers that a sound file cannot hold. Opening a model
// checks the shapes and the small tensors only; this takes as long as reading the file does.
#pragma once

#include "base/result.h"
#include "engine/files/long_read.h"
#include "engine/model/model.h"

namespace saseo {

// Fails with kDamaged, naming tensor and row, at the first scale of a block, or float, that is
// infinite or not a number.
Status scan_weights(const Model& model, const LongRead& read = {});

}  // namespace saseo
