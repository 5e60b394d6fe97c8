// A Model from a GGUF file.
#pragma once

#include "engine/files/gguf.h"
#include "engine/model/model_parts.h"

namespace saseo {

// `parts` are the files of one model, the first holding the metadata; a single file is one part.
Result<Model> model_from_gguf(std::vector<GgufFile> parts,
                              const std::vector<std::filesystem::path>& paths);

}  // namespace saseo
