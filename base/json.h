// JSON as this program writes and reads it, whatever type of nlohmann's holds it. For .cpp files
// alone: the library's header takes long to compile.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace saseo {

// On one line, or indented. Bytes that are not UTF-8 become U+FFFD: what people typed and what files
// hold must not stop the writing.
template <typename Json>
std::string written_json(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

// What is not JSON gives a value that is_discarded(), which is of no type and holds nothing.
template <typename Json = nlohmann::json>
Json parsed_json(std::string_view text) {
  return Json::parse(text, nullptr, false);
}

}  // namespace saseo
