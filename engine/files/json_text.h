// JSON of model folders: small files of settings, from anyone.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/result.h"

namespace saseo {

// The text as an object. Fails when it is no JSON, nests deeper than any model's settings (which
// would exhaust the memory long before a file its limit) or has a name twice at its top. `what` is
// how the error calls the text: a file's path.
Result<nlohmann::json> parse_json_object(std::string_view text, const std::filesystem::path& what);

// The same of a whole file of at most `max_bytes`.
Result<nlohmann::json> read_json_object(const std::filesystem::path& path, std::uint64_t max_bytes);

// The member of that name and kind, or nullptr; also for values that are no object.
const nlohmann::json* json_member(const nlohmann::json& object, const char* name,
                                  nlohmann::json::value_t kind);
// "" when absent or no text.
std::string json_text(const nlohmann::json& object, const char* name);

}  // namespace saseo
