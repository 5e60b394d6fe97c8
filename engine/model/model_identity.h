// What tells the weights of two models apart without reading them whole.
#pragma once

#include <string>

#include "base/result.h"
#include "engine/model/model.h"

namespace saseo {

// A hash of sizes and times of the model's files, of 4,096 stretches of 512 bytes spread over them,
// and of every norm: a few milliseconds where the files were just read. A file that is changed in
// place has another time; files of other weights differ in some stretch. The SHA-256 of a
// registered file says more. Fails when a file is gone.
Result<std::string> model_identity(const Model& model);

}  // namespace saseo
