// A text for the model on the command line: words, @FILE, or - for standard input.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace saseo::cli {

// The words joined by spaces; the content of the file or of standard input as it is, up to 16 MiB.
// Fails when there is no word.
Result<std::string> text_argument(const std::vector<std::string>& words);

}  // namespace saseo::cli
