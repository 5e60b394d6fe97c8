// JSON of errors (docs/json.md), version 1.
#pragma once

#include <string_view>

#include "app/json/json.h"
#include "base/result.h"

namespace saseo::app {

// "not-found", "locked", ...: stable, for programs.
std::string_view name_of(ErrorCode code);

Json error_object(const Error& error);  // {"code", "message"}
Json error_json(const Error& error);    // {"version", "error": {"code", "message"}}

}  // namespace saseo::app
