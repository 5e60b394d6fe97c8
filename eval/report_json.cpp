#include "eval/report_json.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/message.h"
#include "eval/report/fields.h"

namespace saseo::eval {
namespace {

// Members keep the order of the fields.
using Json = nlohmann::ordered_json;
constexpr std::string_view kFormat = "saseo-evaluation";

template <typename T>
Json written(const T& value);

struct Writer {
  Json json = Json::object();
  template <typename T>
  void operator()(const char* name, const T& value) {
    json[name] = written(value);
  }
};

template <typename T>
Json written_value(const T& value) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
  } else if constexpr (std::is_same_v<T, Language>) {
    return std::string(language_code(value));
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(names_of(value)[static_cast<std::size_t>(value)]);
  } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    return value;
  } else {
    Writer writer;
    describe(writer, value);
    return std::move(writer.json);
  }
}
template <typename T>
Json written_value(const std::optional<T>& value) {
  return value ? written(*value) : Json(nullptr);
}
template <typename T>
Json written_value(const std::vector<T>& values) {
  Json json = Json::array();
  for (const T& value : values) json.push_back(written(value));
  return json;
}
template <typename T>
Json written_value(const std::map<std::string, T>& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) json[name] = written(value);
  return json;
}
template <typename T>
Json written(const T& value) {
  return written_value(value);
}

// Reads into fields and remembers the first that is not what it should be.
class Reader {
 public:
  // "outcomes[3].question.id: string expected"; empty while all is well.
  const std::string& fault() const { return fault_; }

  template <typename T>
  void read_members(const Json& json, T& value) {
    if (!json.is_object()) return blame("object");
    Members members{*this, json};
    describe(members, value);
  }

 private:
  struct Members {
    Reader& reader;
    const Json& json;
    template <typename T>
    void operator()(const char* name, T& value) {
      const auto member = json.find(name);
      if (member != json.end()) reader.within(std::string(".") + name, *member, value);
    }
  };

  template <typename T>
  void within(const std::string& step, const Json& json, T& value) {
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

  void read(const Json& json, std::string& value) {
    if (!json.is_string()) return blame("string");
    value = json.get<std::string>();
  }
  void read(const Json& json, bool& value) {
    if (!json.is_boolean()) return blame("true or false");
    value = json.get<bool>();
  }
  void read(const Json& json, double& value) {
    if (json.is_null()) {
      value = std::numeric_limits<double>::quiet_NaN();
    } else if (json.is_number()) {
      value = json.get<double>();
    } else {
      blame("number");
    }
  }
  void read(const Json& json, int& value) {
    // As a double first: a number of any size is defined there.
    const double number = json.is_number_integer() ? json.get<double>() : NAN;
    if (!(std::abs(number) <= std::numeric_limits<int>::max())) return blame("small whole number");
    value = static_cast<int>(number);
  }
  void read(const Json& json, std::size_t& value) {
    if (!json.is_number_unsigned()) return blame("whole number of at least 0");
    value = json.get<std::size_t>();
  }
  void read(const Json& json, Language& value) {
    std::string code;
    read(json, code);
    value = language_of_code(code);
  }
  template <typename T>
  void read(const Json& json, T& value) {
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
  void read(const Json& json, std::optional<T>& value) {
    if (json.is_null()) return value.reset();
    read(json, value.emplace());
  }
  template <typename T>
  void read(const Json& json, std::vector<T>& values) {
    if (!json.is_array()) return blame("array");
    values.clear();
    for (const Json& item : json) {
      within(fmt::format("[{}]", values.size()), item, values.emplace_back());
    }
  }
  template <typename T>
  void read(const Json& json, std::map<std::string, T>& values) {
    if (!json.is_object()) return blame("object");
    values.clear();
    for (const auto& [name, item] : json.items()) within("." + name, item, values[name]);
  }

  std::string place_, fault_;
};

}  // namespace

std::string json_report(const Evaluation& evaluation) {
  Json json = {{"format", kFormat}, {"version", kEvaluationVersion}};
  json.update(written(evaluation));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Evaluation> parse_json_report(std::string_view text, const std::filesystem::path& path) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("format", Json()) != kFormat) {
    return make_error(ErrorCode::kBadInput,
                      "{}: not an evaluation as JSON: an object with \"format\": \"{}\" is "
                      "expected. Make one with: saseo eval export RUN --json FILE",
                      "{}: JSON으로 된 평가가 아닙니다. \"format\": \"{}\"인 객체여야 합니다. "
                      "saseo eval export RUN --json FILE로 만드세요.",
                      path.string(), kFormat);
  }
  const Json version = json.value("version", Json());
  if (!version.is_number_integer() || version.get<double>() < 1) {
    return make_error(ErrorCode::kBadInput, "{}: \"version\" is no number from 1.",
                      "{}: \"version\"이 1 이상의 수가 아닙니다.", path.string());
  }
  if (version.get<double>() > kEvaluationVersion) {
    return make_error(
        ErrorCode::kTooNew,
        "{}: written by a newer Saseo (form {}; this one knows {}). Update Saseo.",
        "{}: 더 새로운 사서가 쓴 파일입니다(형식 {}, 아는 형식 {}). 사서를 갱신하세요.",
        path.string(), version.get<double>(), kEvaluationVersion);
  }
  Evaluation evaluation;
  Reader reader;
  reader.read_members(json, evaluation);
  if (!reader.fault().empty()) {
    return make_error(ErrorCode::kBadInput, "{}: damaged or changed by hand: {}.",
                      "{}: 파일이 손상되었거나 손으로 고쳐졌습니다. {}.", path.string(),
                      reader.fault());
  }
  return evaluation;
}

}  // namespace saseo::eval
