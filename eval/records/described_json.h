// JSON of the types that fields.h describes: written and read by one list of fields. Numbers that
// are not finite and what is absent are null. Reading never throws and is defined for every JSON.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/message.h"
#include "eval/records/fields.h"

namespace saseo::eval {

// Members keep the order of the fields.
using DescribedJson = nlohmann::ordered_json;

template <typename T>
DescribedJson to_described_json(const T& value);

struct DescribedWriter {
  DescribedJson json = DescribedJson::object();
  template <typename T>
  void operator()(const char* name, const T& value) {
    json[name] = to_described_json(value);
  }
};

template <typename T>
DescribedJson written_value(const T& value) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::isfinite(value) ? DescribedJson(value) : DescribedJson(nullptr);
  } else if constexpr (std::is_same_v<T, Language>) {
    return std::string(language_code(value));
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(names_of(value)[static_cast<std::size_t>(value)]);
  } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    return value;
  } else {
    DescribedWriter writer;
    describe(writer, value);
    return std::move(writer.json);
  }
}
// {"en": ..., "ko": ...}; a string where both read the same.
inline DescribedJson written_value(const Message& text) {
  if (text.english == text.korean) return text.english;
  return {{"en", text.english}, {"ko", text.korean}};
}
template <typename T>
DescribedJson written_value(const std::optional<T>& value) {
  return value ? to_described_json(*value) : DescribedJson(nullptr);
}
template <typename T>
DescribedJson written_value(const std::vector<T>& values) {
  DescribedJson json = DescribedJson::array();
  for (const T& value : values) json.push_back(to_described_json(value));
  return json;
}
template <typename T>
DescribedJson written_value(const std::map<std::string, T>& values) {
  DescribedJson json = DescribedJson::object();
  for (const auto& [name, value] : values) json[name] = to_described_json(value);
  return json;
}
template <typename T>
DescribedJson to_described_json(const T& value) {
  return written_value(value);
}

// Reads into fields and remembers the first that is not what it should be.
class DescribedReader {
 public:
  // "outcomes[3].question.id: string expected"; empty while all is well.
  const std::string& fault() const { return fault_; }

  template <typename T>
  void read_members(const DescribedJson& json, T& value) {
    if (!json.is_object()) return blame("object");
    Members members{*this, json};
    describe(members, value);
  }
  template <typename T>
  void read_items(const DescribedJson& json, std::vector<T>& values) {
    read(json, values);
  }

 private:
  struct Members {
    DescribedReader& reader;
    const DescribedJson& json;
    template <typename T>
    void operator()(const char* name, T& value) {
      const auto member = json.find(name);
      if (member != json.end()) reader.within(std::string(".") + name, *member, value);
    }
  };

  template <typename T>
  void within(const std::string& step, const DescribedJson& json, T& value) {
    const std::size_t length = place_.size();
    place_ += step;
    if (fault_.empty()) read(json, value);
    place_.resize(length);
  }
  void blame(std::string_view expected) {
    if (fault_.empty()) {
      fault_ = fmt::format("{}: {} expected", place_.empty() ? "." : place_.substr(1), expected);
    }
  }

  void read(const DescribedJson& json, std::string& value) {
    if (!json.is_string()) return blame("string");
    value = json.get<std::string>();
  }
  // A string, too: what was written before messages held both languages.
  void read(const DescribedJson& json, Message& value) {
    if (json.is_string()) {
      value = untranslated(json.get<std::string>());
      return;
    }
    const auto english = json.find("en"), korean = json.find("ko");
    if (english == json.end() || !english->is_string() || korean == json.end() ||
        !korean->is_string()) {
      return blame("string, or object with \"en\" and \"ko\",");
    }
    value = Message(english->get<std::string>(), korean->get<std::string>());
  }
  void read(const DescribedJson& json, bool& value) {
    if (!json.is_boolean()) return blame("true or false");
    value = json.get<bool>();
  }
  void read(const DescribedJson& json, double& value) {
    if (json.is_null()) {
      value = std::numeric_limits<double>::quiet_NaN();
    } else if (json.is_number()) {
      value = json.get<double>();
    } else {
      blame("number");
    }
  }
  void read(const DescribedJson& json, int& value) {
    // As a double first: a number of any size is defined there.
    const double number = json.is_number_integer() ? json.get<double>() : NAN;
    if (!(std::abs(number) <= std::numeric_limits<int>::max())) return blame("small whole number");
    value = static_cast<int>(number);
  }
  void read(const DescribedJson& json, std::size_t& value) {
    if (!json.is_number_unsigned()) return blame("whole number of at least 0");
    value = json.get<std::size_t>();
  }
  void read(const DescribedJson& json, Language& value) {
    std::string code;
    read(json, code);
    value = language_of_code(code);
  }
  template <typename T>
  void read(const DescribedJson& json, T& value) {
    if constexpr (std::is_enum_v<T>) {
      const auto names = names_of(T{});
      const auto found = std::ranges::find(
          names, json.is_string() ? json.get_ref<const std::string&>() : std::string());
      if (found == names.end()) return blame(fmt::format("one of {}", fmt::join(names, ", ")));
      value = static_cast<T>(found - names.begin());
    } else {
      read_members(json, value);
    }
  }
  template <typename T>
  void read(const DescribedJson& json, std::optional<T>& value) {
    if (json.is_null()) return value.reset();
    read(json, value.emplace());
  }
  template <typename T>
  void read(const DescribedJson& json, std::vector<T>& values) {
    if (!json.is_array()) return blame("array");
    values.clear();
    for (const DescribedJson& item : json) {
      const std::string step = fmt::format("[{}]", values.size());
      within(step, item, values.emplace_back());
    }
  }
  template <typename T>
  void read(const DescribedJson& json, std::map<std::string, T>& values) {
    if (!json.is_object()) return blame("object");
    values.clear();
    for (const auto& [name, item] : json.items()) within("." + name, item, values[name]);
  }

  std::string place_, fault_;
};

}  // namespace saseo::eval
