#include "engine/files/json_text.h"

#include <optional>

#include "base/files.h"
#include "base/message.h"
#include "engine/files/gguf_value.h"

namespace saseo {
namespace {

using Json = nlohmann::json;
constexpr int kMaxDepth = 64;

// Brackets outside of strings.
int depth_of(std::string_view text) {
  int depth = 0, deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

Result<Json> parse_json_object(std::string_view text, const std::filesystem::path& what) {
  const auto damaged = [&](std::string_view reason) {
    return make_error(ErrorCode::kBadInput,
                      "{}: not the JSON object that was expected ({}). Download the file again.",
                      "{}: JSON 객체가 아닙니다({}). 파일을 다시 내려받으세요.", what.string(),
                      reason);
  };
  if (depth_of(text) > kMaxDepth) return damaged("nested too deeply");
  std::size_t names = 0;
  const auto count_names = [&](int depth, Json::parse_event_t event, const Json&) {
    if (depth == 1 && event == Json::parse_event_t::key) ++names;
    return true;
  };
  try {
    Json json = Json::parse(text, count_names);
    if (!json.is_object()) return damaged("no object");
    if (json.size() != names) return damaged("a name stands there twice");
    return json;
  } catch (const Json::exception& failure) {
    return damaged(text_for_message(failure.what()));
  }
}

Result<Json> read_json_object(const std::filesystem::path& path, std::uint64_t max_bytes) {
  SASEO_ASSIGN_OR_RETURN(const std::string text, read_file(path, max_bytes));
  return parse_json_object(text, path);
}

const Json* json_member(const Json& object, const char* name, Json::value_t kind) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found != object.end() && found->type() == kind ? &*found : nullptr;
}

std::string json_text(const Json& object, const char* name) {
  const Json* text = json_member(object, name, Json::value_t::string);
  return text == nullptr ? "" : text->get<std::string>();
}

}  // namespace saseo
