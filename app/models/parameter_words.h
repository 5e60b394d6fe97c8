// How large a model is, as people say it.
#pragma once

#include <cstdint>
#include <string>

namespace saseo::app {

std::string parameter_words(std::uint64_t parameters);  // "2.6B", "270M"

}  // namespace saseo::app
