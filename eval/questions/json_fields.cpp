#include "eval/questions/json_fields.h"

#include <algorithm>
#include <cmath>

#include "base/utf8.h"

namespace saseo::eval {
namespace {

using Json = nlohmann::json;
constexpr int kMaxDepth = 64;

// " column 7", or " line 3, column 7" of texts with several lines.
Message where(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte > 0 ? byte - 1 : 0, text.size()));
  const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0.
  const std::size_t column = count_code_points(before.substr(line_begin)) + 1;
  if (text.find('\n') == std::string_view::npos) return message("column {}", "{}번째 글자", column);
  return message("line {}, column {}", "{}행 {}번째 글자", line, column);
}

// What the parser says, without its own account of where.
std::string reason_of(std::string_view what) {
  for (const std::string_view mark : {"syntax error", "invalid"}) {
    if (const std::size_t at = what.find(mark); at != std::string_view::npos)
      what.remove_prefix(at);
  }
  // The token at which it stopped may be as long as the line.
  if (const std::size_t last = what.find("; last read: '"); last != std::string_view::npos) {
    const std::size_t end = what.rfind("'; expected");
    const std::string_view expected =
        end == std::string_view::npos ? std::string_view() : what.substr(end + 1);
    return std::string(what.substr(0, last)) + std::string(expected.substr(0, 80));
  }
  return clipped(what);
}

}  // namespace

std::optional<Json> parse_json(std::string_view text, const Message& place, Faults& faults) {
  bool too_deep = false;
  std::set<std::string> names;
  std::string repeated;
  const auto look = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth == 1 && event == Json::parse_event_t::key) {
      const auto& name = value.get_ref<const std::string&>();
      if (!names.insert(name).second) repeated = name;
    }
    too_deep = too_deep || depth > kMaxDepth;
    return depth <= kMaxDepth;
  };
  try {
    Json json = Json::parse(text, look);
    if (too_deep) {
      faults.add(place, "nested more than {} deep; a question needs 4 levels",
                 "{}단계보다 깊게 겹쳐 있습니다. 질문에는 4단계면 됩니다", kMaxDepth);
      return std::nullopt;
    }
    if (json.is_object() && !repeated.empty()) {
      faults.add(place_of_field(place, clipped(repeated)),
                 "stands there twice; leave one of the two", "두 번 있습니다. 하나만 남기세요");
      return std::nullopt;
    }
    return json;
  } catch (const Json::parse_error& failure) {
    faults.add(place, "no JSON, {}: {}", "JSON이 아닙니다({}): {}", where(text, failure.byte),
               reason_of(failure.what()));
  } catch (const Json::exception& failure) {
    faults.add(place, "no JSON: {}", "JSON이 아닙니다: {}", reason_of(failure.what()));
  }
  return std::nullopt;
}

Message describe(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return untranslated("null");
    case Json::value_t::object:
      return message("an object", "객체");
    case Json::value_t::array:
      return message("an array", "배열");
    case Json::value_t::string:
      return message("text (\"{}\")", "글(\"{}\")", clipped(value.get_ref<const std::string&>()));
    case Json::value_t::boolean:
      return untranslated(value.get<bool>() ? "true" : "false");
    default:
      return message("a number ({})", "숫자({})", clipped(value.dump()));
  }
}

std::string checked_text(const std::string& text, const Message& place, Faults& faults) {
  if (text.find('\0') != std::string::npos) {
    faults.add(place, "holds a NUL character; take it out", "NUL 문자가 있습니다. 지우세요");
  }
  return to_nfc(text);
}

JsonFields::JsonFields(const Json& object, Message place, Faults& faults, std::string path)
    : object_(object), place_(std::move(place)), path_(std::move(path)), faults_(faults) {}

Message JsonFields::place_of(std::string_view name) const {
  return place_of_field(place_, path_ + std::string(name));
}

JsonFields JsonFields::inside(const Json& object, std::string_view name) const {
  return {object, place_, faults_, fmt::format("{}{}.", path_, name)};
}

void JsonFields::expect(std::string_view name, std::string_view expected_en,
                        std::string_view expected_ko, const Json& found) {
  fault(name, "expected {}, found {}", "{}이(가) 아니라 {}",
        Message(std::string(expected_en), std::string(expected_ko)), describe(found));
}

const Json* JsonFields::get(const std::string& name) {
  known_.insert(name);
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

std::string JsonFields::text(const std::string& name) {
  const Json* value = get(name);
  if (value == nullptr) return {};
  if (!value->is_string()) return expect(name, "text", "글", *value), std::string();
  return checked_text(value->get_ref<const std::string&>(), place_of(name), faults_);
}

std::string JsonFields::required_text(const std::string& name) {
  const Json* value = get(name);
  std::string text = this->text(name);
  if (value == nullptr) {
    fault(name, "is missing; expected text", "없습니다. 글을 적으세요");
  } else if (value->is_string() && collapse_spaces(text).empty()) {
    fault(name, "is blank; expected text", "비어 있습니다. 글을 적으세요");
  }
  return text;
}

std::string JsonFields::id(const std::string& name) {
  const Json* value = get(name);
  if (value != nullptr && value->is_number_integer()) return value->dump();
  return required_text(name);
}

std::vector<std::string> JsonFields::texts(const std::string& name) {
  const Json* value = get(name);
  if (value == nullptr) return {};
  if (value->is_string()) return {text(name)};
  if (!value->is_array()) {
    return expect(name, "text or an array of texts", "글이나 글의 배열", *value),
           std::vector<std::string>();
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < value->size(); ++i) {
    const std::string element = fmt::format("{}[{}]", name, i);
    const Json& one = (*value)[i];
    if (one.is_string()) {
      texts.push_back(checked_text(one.get_ref<const std::string&>(), place_of(element), faults_));
    } else {
      expect(element, "text", "글", one);
    }
  }
  return texts;
}

std::optional<bool> JsonFields::flag(const std::string& name) {
  const Json* value = get(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  return expect(name, "true or false", "true나 false", *value), std::nullopt;
}

std::optional<double> JsonFields::number(const std::string& name) {
  const Json* value = get(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number() && std::isfinite(value->get<double>())) return value->get<double>();
  return expect(name, "a number", "숫자", *value), std::nullopt;
}

std::vector<int> JsonFields::page_numbers(const std::string& name) {
  const Json* value = get(name);
  if (value == nullptr) return {};
  constexpr int kLast = 1'000'000;
  const auto is_page = [](const Json& page) {
    // Unsigned first: a value beyond the signed range must not wrap.
    return (page.is_number_unsigned() && page.get<std::uint64_t>() >= 1 &&
            page.get<std::uint64_t>() <= kLast) ||
           (page.is_number_integer() && !page.is_number_unsigned() &&
            page.get<std::int64_t>() >= 1 && page.get<std::int64_t>() <= kLast);
  };
  if (is_page(*value)) return {value->get<int>()};
  if (!value->is_array() || !std::ranges::all_of(*value, is_page)) {
    const Json* bad = value;
    if (value->is_array()) bad = &*std::ranges::find_if_not(*value, is_page);
    expect(name, "page numbers from 1", "1부터 세는 쪽 번호", *bad);
    return {};
  }
  return value->get<std::vector<int>>();
}

void JsonFields::ignore(std::initializer_list<std::string_view> names) {
  known_.insert(names.begin(), names.end());
}

std::vector<std::string> JsonFields::unknown() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : object_.items()) {
    if (!known_.contains(name)) names.push_back(name);
  }
  return names;
}

}  // namespace saseo::eval
