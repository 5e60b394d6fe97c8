// JSON of errors (docs/json.md), version 1.
#pragma once

#include <string_view>

#include "app/json/json.h"
#include "app/settings/wording.h"
#include "base/result.h"

namespace saseo::app {

// "not-found", "locked", ...: stable, for programs.
std::string_view name_of(ErrorCode code);

Json error_object(const Error& error, const Wording& wording);  // {"code", "message"}
Json error_json(const Error& error,
                const Wording& wording);  // {"version", "error": {"code", "message"}}

}  // namespace saseo::app
