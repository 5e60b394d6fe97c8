// Which version of the program this is.
#pragma once

#include <string_view>

namespace saseo::app {

std::string_view version_number();  // "0.1.0"

}  // namespace saseo::app
