// The JSON that other programs rely on: docs/json.md, version 1. Every shape is made in this room.
// A field never disappears or changes its meaning within a version; new fields may come.
//
// Who looks inside a Json includes <nlohmann/json.hpp> in its .cpp file: it takes long to compile.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace saseo::app {

inline constexpr int kJsonVersion = 1;

using Json = nlohmann::ordered_json;

// One line. Bytes that are no UTF-8 become U+FFFD.
std::string dump(const Json& json);

// null for documents without pages.
Json page_json(int page);

}  // namespace saseo::app
