// The registry as text: ModelRegistry::text() and parse().
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/message.h"
#include "engine/registry/model_registry.h"

namespace saseo {
namespace fs = std::filesystem;
namespace {

using OrderedJson = nlohmann::ordered_json;
constexpr int kVersion = 1;

Error damaged_registry(const fs::path& file, std::string_view reason) {
  return make_error(ErrorCode::kDamaged,
                    "{}: the list of models is damaged ({}); it was left as it is. Correct it, or "
                    "move it away and add the models again (the model files are elsewhere)",
                    "{}: 모델 목록이 손상되었습니다({}). 파일은 그대로 두었습니다. 고치거나, 다른 "
                    "곳으로 옮기고 모델을 다시 등록하세요(모델 파일은 다른 곳에 있습니다)",
                    file.string(), reason);
}

// Takes fields out of JSON objects; the first that is absent or of another type is remembered.
class RegistryFields {
 public:
  explicit RegistryFields(std::string where) : where_(std::move(where)) {}

  const OrderedJson& get(const OrderedJson& object, const char* key, OrderedJson::value_t type) {
    static const OrderedJson none;
    const auto found = object.is_object() ? object.find(key) : object.end();
    const bool fits = object.is_object() && found != object.end() &&
                      (found->type() == type || (type == OrderedJson::value_t::number_integer &&
                                                 found->is_number_integer()));
    if (fits) return *found;
    if (fault_.empty()) fault_ = fmt::format("{}: \"{}\"", where_, key);
    return none;
  }
  std::string text(const OrderedJson& object, const char* key) {
    const OrderedJson& value = get(object, key, OrderedJson::value_t::string);
    return value.is_string() ? value.get<std::string>() : "";
  }
  std::uint64_t count(const OrderedJson& object, const char* key) {
    const OrderedJson& value = get(object, key, OrderedJson::value_t::number_unsigned);
    return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
  }
  std::int64_t number(const OrderedJson& object, const char* key) {
    const OrderedJson& value = get(object, key, OrderedJson::value_t::number_integer);
    return value.is_number_integer() ? value.get<std::int64_t>() : 0;
  }
  void check(bool holds, const char* what) {
    if (!holds && fault_.empty()) fault_ = fmt::format("{}: {}", where_, what);
  }
  const std::string& fault() const { return fault_; }

 private:
  std::string where_;
  std::string fault_;
};

std::optional<ModelKind> kind_of(std::string_view name) {
  for (const ModelKind kind : {ModelKind::kGguf, ModelKind::kSplitGguf, ModelKind::kHuggingFace})
    if (name_of(kind) == name) return kind;
  return std::nullopt;
}

RegisteredModel model_of(const OrderedJson& json, RegistryFields& fields) {
  RegisteredModel model;
  model.name = fields.text(json, "name");
  fields.check(is_model_name(model.name), "\"name\"");
  model.path = fields.text(json, "path");
  fields.check(model.path.is_absolute(), "\"path\"");
  const std::optional<ModelKind> kind = kind_of(fields.text(json, "kind"));
  fields.check(kind.has_value(), "\"kind\"");
  model.kind = kind.value_or(ModelKind::kGguf);
  model.architecture = fields.text(json, "architecture");
  model.quantization = fields.text(json, "quantization");
  model.parameters = fields.count(json, "parameters");
  model.context = static_cast<std::uint32_t>(fields.count(json, "context"));
  model.license = fields.text(json, "license");
  const OrderedJson& files = fields.get(json, "files", OrderedJson::value_t::array);
  fields.check(!files.empty(), "\"files\"");
  for (const OrderedJson& file : files) {
    model.files.push_back({fields.text(file, "path"), fields.count(file, "bytes"),
                           fields.number(file, "modified_ns"), fields.text(file, "sha256")});
    fields.check(model.files.back().path.is_absolute(), "\"path\" of a file");
    fields.check(model.files.back().sha256.size() == 64, "\"sha256\"");
  }
  return model;
}

}  // namespace

Result<ModelRegistry> ModelRegistry::parse(const fs::path& file, std::string_view text) {
  OrderedJson json;
  try {
    json = OrderedJson::parse(text);
  } catch (const OrderedJson::exception& error) {
    return damaged_registry(file, error.what());
  }
  RegistryFields top("models.json");
  const std::uint64_t version = top.count(json, "version");
  if (version > kVersion)
    return make_error(ErrorCode::kTooNew,
                      "{}: written by a newer saseo (format {}, this one knows {}); update saseo",
                      "{}: 더 새로운 saseo가 쓴 파일입니다(형식 {}, 이 프로그램은 {}까지). saseo를 "
                      "새 버전으로 바꾸세요",
                      file.string(), version, kVersion);
  top.check(version == kVersion, "\"version\"");
  ModelRegistry registry;
  const OrderedJson& models = top.get(json, "models", OrderedJson::value_t::array);
  for (const OrderedJson& entry : models) {
    RegistryFields fields(fmt::format("models[{}]", registry.models_.size()));
    RegisteredModel model = model_of(entry, fields);
    fields.check(registry.find(model.name) == nullptr, "a second model of that name");
    if (!fields.fault().empty()) return damaged_registry(file, fields.fault());
    registry.put(std::move(model));
  }
  registry.default_.clear();
  if (json.is_object() && json.contains("default") && !json["default"].is_null()) {
    registry.default_ = top.text(json, "default");
    top.check(registry.default_model() != nullptr, "\"default\" names no model");
  }
  if (!top.fault().empty()) return damaged_registry(file, top.fault());
  return registry;
}

std::string ModelRegistry::text() const {
  OrderedJson models = OrderedJson::array();
  for (const RegisteredModel& model : models_) {
    OrderedJson files = OrderedJson::array();
    for (const RegisteredFile& file : model.files)
      files.push_back({{"path", file.path.string()},
                       {"bytes", file.bytes},
                       {"modified_ns", file.modified_ns},
                       {"sha256", file.sha256}});
    models.push_back({{"name", model.name},
                      {"path", model.path.string()},
                      {"kind", name_of(model.kind)},
                      {"architecture", model.architecture},
                      {"quantization", model.quantization},
                      {"parameters", model.parameters},
                      {"context", model.context},
                      {"license", model.license},
                      {"files", std::move(files)}});
  }
  const OrderedJson json = {{"version", kVersion},
                            {"default", default_.empty() ? OrderedJson() : OrderedJson(default_)},
                            {"models", std::move(models)}};
  return written_json(json, 2) + "\n";
}

}  // namespace saseo
