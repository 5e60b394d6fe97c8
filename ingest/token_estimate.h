// The sum that estimate_tokens (chunker.h) rounds up. Parts that end at a space or line break add
// up to the whole.
#pragma once

#include <string_view>

namespace saseo {

double token_weight(std::string_view text);

}  // namespace saseo
