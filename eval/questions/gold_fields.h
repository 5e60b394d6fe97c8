// Places in manuals as JSON names them: {"section": "A > B", "page": 22, "document": "..."}.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "eval/questions/json_fields.h"
#include "eval/questions/set_builder.h"

namespace saseo::eval {

// The member `name`: a place or an array of places; a text is a section's path. Faults for what is
// neither. `on_unknown(name)` is called for members that a place does not have.
std::vector<GoldSection> read_places(JsonFields& fields, const std::string& name,
                                     const std::function<void(const std::string&)>& on_unknown);

}  // namespace saseo::eval
