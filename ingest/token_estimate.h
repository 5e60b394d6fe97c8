// The sum that estimate_tokens (chunker.h) rounds up; sums of parts are sums of the whole.
#pragma once

#include <string_view>

namespace saseo {

double token_weight(std::string_view text);

}  // namespace saseo
