#include "app/json/model_json.h"

#include <nlohmann/json.hpp>

namespace saseo::app {
namespace {

Json files_json(std::span<const RegisteredFile> registered) {
  Json files = Json::array();
  for (const RegisteredFile& file : registered)
    files.push_back({{"path", file.path.string()},
                     {"bytes", file.bytes},
                     {"sha256", file.sha256.empty() ? Json() : Json(file.sha256)}});
  return files;
}

}  // namespace

std::string_view name_of(FilesState state) {
  switch (state) {
    case FilesState::kUnchanged:
      return "unchanged";
    case FilesState::kChanged:
      return "changed";
    case FilesState::kMissing:
      return "missing";
  }
  return "";
}

Json registered_json(const RegisteredModel& model, const ModelRegistry& registry) {
  const RegisteredModel* standard = registry.default_model();
  return {{"name", model.name},
          {"path", model.path.string()},
          {"kind", name_of(model.kind)},
          {"architecture", model.architecture},
          {"quantization", model.quantization},
          {"parameters", model.parameters},
          {"context", model.context},
          {"license", model.license},
          {"bytes", model.bytes()},
          {"default", standard != nullptr && standard->name == model.name},
          {"state", name_of(look_at_files(model).state)},
          {"files", files_json(model.files)}};
}

Json inside_json(const Model& model) {
  const ModelConfig& config = model.config;
  Json metadata = Json::object(), tensors = Json::array();
  for (const auto& [key, value] : model.metadata) metadata[key] = value;
  for (const TensorInfo& tensor : model.tensors)
    tensors.push_back({{"name", tensor.name},
                       {"type", tensor_type_info(tensor.type).name},
                       {"shape", tensor.shape},
                       {"bytes", tensor.bytes}});
  return {{"shape",
           {{"layers", config.layers},
            {"width", config.d},
            {"feed_forward", config.ff},
            {"heads", config.heads},
            {"kv_heads", config.kv_heads},
            {"head_dim", config.head_dim},
            {"vocabulary", config.vocab},
            {"window", config.window}}},
          {"metadata", std::move(metadata)},
          {"tensors", std::move(tensors)}};
}

Json memory_json(const MemoryNeed& need) {
  return {{"weights_bytes", need.weights},
          {"cache_bytes", need.cache},
          {"scratch_bytes", need.scratch},
          {"total_bytes", need.total()}};
}

Json model_check_json(const ModelCheck& check) {
  Json checks = Json::array();
  for (const ModelFinding& finding : check.findings)
    checks.push_back({{"name", finding.name},
                      {"status", name_of(finding.outcome)},
                      {"message", finding.words},
                      {"seconds", finding.seconds}});
  return {{"version", kJsonVersion},
          {"healthy", check.healthy()},
          {"name", check.reference.name},
          {"path", check.reference.path.string()},
          {"registered", check.reference.registered.has_value()},
          {"files", files_json(check.facts.files)},
          {"checks", std::move(checks)},
          {"timings", check.stats ? timings_json(*check.stats, check.load_seconds) : Json()}};
}

Json timings_json(const GenerationStats& stats, double load_seconds) {
  return {{"load_ms", load_seconds * 1e3},
          {"prefill_ms", stats.prefill_seconds * 1e3},
          {"decode_ms", stats.decode_seconds * 1e3},
          {"prefill_tokens_per_second", stats.prefill_rate()},
          {"decode_tokens_per_second", stats.decode_rate()}};
}

}  // namespace saseo::app
