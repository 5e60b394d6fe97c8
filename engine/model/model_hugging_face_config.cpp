#include "engine/model/model_hugging_face_config.h"

#include <cmath>

#include "base/message.h"
#include "engine/files/gguf_value.h"
#include "engine/files/json_text.h"
#include "engine/model/model_builder.h"

namespace saseo {
namespace {

using Json = nlohmann::json;

// Takes values out of an object; the first that is of another kind is remembered. null counts as
// absent.
class Values {
 public:
  explicit Values(const Json& object) : object_(object) {}

  std::uint32_t count(const char* key, std::uint32_t otherwise) {
    const Json* value = present(key);
    if (value == nullptr) return otherwise;
    if (value->is_number_unsigned() && value->get<std::uint64_t>() <= UINT32_MAX) {
      return value->get<std::uint32_t>();
    }
    blame(key);
    return otherwise;
  }
  float real(const char* key, float otherwise) {
    const Json* value = present(key);
    if (value == nullptr) return otherwise;
    if (value->is_number()) return value->get<float>();
    blame(key);
    return otherwise;
  }
  bool flag(const char* key, bool otherwise) {
    const Json* value = present(key);
    if (value == nullptr) return otherwise;
    if (value->is_boolean()) return value->get<bool>();
    blame(key);
    return otherwise;
  }
  // Absent where null means "none".
  bool is_null(const char* key) const { return object_.contains(key) && object_[key].is_null(); }
  const Json* present(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }
  void blame(const char* key) {
    if (fault_.empty()) fault_ = key;
  }
  const std::string& fault() const { return fault_; }

 private:
  const Json& object_;
  std::string fault_;
};

struct Family {
  Architecture architecture;
  // Defaults of GemmaConfig, Gemma2Config and Gemma3TextConfig in transformers.
  std::uint32_t d, ff, layers, heads, kv_heads, context;
};

std::optional<Family> family_of(std::string_view model_type) {
  if (model_type == "gemma") return Family{Architecture::kGemma, 3072, 24576, 28, 16, 16, 8192};
  if (model_type == "gemma2") return Family{Architecture::kGemma2, 2304, 9216, 26, 8, 4, 8192};
  if (model_type == "gemma3" || model_type == "gemma3_text") {
    return Family{Architecture::kGemma3, 2304, 9216, 26, 8, 4, 131072};
  }
  return std::nullopt;
}

// Which layers are local, from the list that newer files have.
void read_layer_types(Values& values, ModelConfig& c) {
  const Json* types = values.present("layer_types");
  if (types == nullptr || c.window == 0) return;
  if (!types->is_array() || types->size() != c.layers) return values.blame("layer_types");
  std::uint32_t period = c.layers + 1;  // No global layer at all.
  for (std::uint32_t i = c.layers; i-- > 0;) {
    if ((*types)[i] == "full_attention") period = i + 1;
  }
  if (period == 1) {
    c.window = 0;
    period = 2;
  }
  c.window_period = period;
  for (std::uint32_t i = 0; i < c.layers; ++i) {
    if ((*types)[i] != (c.is_local(i) ? "sliding_attention" : "full_attention")) {
      return values.blame("layer_types");
    }
  }
}

// {"rope_theta": 1e6, "rope_type": "linear", "factor": 8}; older files say "type".
void read_rope(Values& values, const char* name, const Json& rope, float& base, float* scale) {
  if (!rope.is_object()) return values.blame(name);
  Values inner(rope);
  base = inner.real("rope_theta", base);
  std::string type = json_text(rope, "rope_type");
  if (type.empty()) type = json_text(rope, "type");
  const float factor = inner.real("factor", 1);
  if (type == "linear" && scale != nullptr) {
    *scale = factor;
  } else if (!type.empty() && type != "default" && (type != "linear" || factor != 1)) {
    values.blame(name);
  }
  if (!inner.fault().empty()) values.blame(name);
}

void read_ropes(Values& values, ModelConfig& c) {
  const bool two = c.architecture == Architecture::kGemma3;
  c.rope_base_global = values.real("rope_theta", two ? 1e6f : 1e4f);
  c.rope_base_local = values.real("rope_local_base_freq", 1e4f);
  float* scale = two ? &c.rope_scale_global : nullptr;
  if (const Json* scaling = values.present("rope_scaling")) {
    read_rope(values, "rope_scaling", *scaling, c.rope_base_global, scale);
  }
  if (const Json* ropes = values.present("rope_parameters")) {
    const Json* global = json_member(*ropes, "full_attention", Json::value_t::object);
    const Json* local = json_member(*ropes, "sliding_attention", Json::value_t::object);
    read_rope(values, "rope_parameters", global == nullptr ? *ropes : *global, c.rope_base_global,
              scale);
    if (local != nullptr) {
      read_rope(values, "rope_parameters", *local, c.rope_base_local, nullptr);
    }
  }
  if (!two) c.rope_base_local = c.rope_base_global;
}

// What would be computed wrongly in silence.
std::string unsupported(Values& values, const Json& config) {
  for (const char* key : {"hidden_activation", "hidden_act"}) {
    const Json* value = values.present(key);
    // Gemma 1 files say "gelu" and mean the tanh approximation.
    if (value != nullptr && *value != "gelu_pytorch_tanh" && *value != "gelu") return key;
  }
  if (values.flag("attention_bias", false)) return "attention_bias";
  if (values.flag("use_bidirectional_attention", false)) return "use_bidirectional_attention";
  if (config.contains("quantization_config")) return "quantization_config";
  return "";
}

void read_attention(Values& values, ModelConfig& c) {
  c.query_scale =
      1.0f / std::sqrt(values.real("query_pre_attn_scalar", c.architecture == Architecture::kGemma
                                                                ? static_cast<float>(c.head_dim)
                                                                : 256.0f));
  if (c.architecture == Architecture::kGemma) return;
  const bool gemma2 = c.architecture == Architecture::kGemma2;
  c.window = values.is_null("sliding_window") ? 0 : values.count("sliding_window", 4096);
  c.window_period =
      gemma2 ? 2
             : values.count("sliding_window_pattern", values.count("_sliding_window_pattern", 6));
  const auto softcap = [&](const char* key, float otherwise) {
    return values.is_null(key) ? 0 : values.real(key, otherwise);
  };
  c.attention_softcap = softcap("attn_logit_softcapping", gemma2 ? 50.0f : 0);
  c.logit_softcap = softcap("final_logit_softcapping", gemma2 ? 30.0f : 0);
  read_layer_types(values, c);
}

}  // namespace

Result<HuggingFaceConfig> read_hugging_face_config(const Json& config,
                                                   const std::filesystem::path& path) {
  const std::string type = json_text(config, "model_type");
  const std::optional<Family> family = family_of(type);
  if (!family) return unsupported_architecture(path, type);
  const Json* inner = json_member(config, "text_config", Json::value_t::object);
  Values values(inner == nullptr ? config : *inner);

  HuggingFaceConfig read;
  ModelConfig& c = read.model;
  c.architecture = family->architecture;
  c.layers = values.count("num_hidden_layers", family->layers);
  c.d = values.count("hidden_size", family->d);
  c.ff = values.count("intermediate_size", family->ff);
  c.heads = values.count("num_attention_heads", family->heads);
  c.kv_heads = values.count("num_key_value_heads", family->kv_heads);
  c.head_dim = values.count("head_dim", 256);
  c.context = values.count("max_position_embeddings", family->context);
  c.rms_epsilon = values.real("rms_norm_eps", 1e-6f);
  read_attention(values, c);
  read_ropes(values, c);
  read.tied_head =
      values.flag("tie_word_embeddings", config.value("tie_word_embeddings", Json(true)) != false);

  const std::string feature = unsupported(values, config);
  if (!feature.empty()) {
    return make_error(ErrorCode::kUnsupported,
                      "{}: \"{}\" asks for something that is not supported (no plain Gemma chat "
                      "model in floats). Take the model as its makers published it, or a GGUF.",
                      "{}: \"{}\" 설정은 지원하지 않습니다(일반 Gemma 대화 모델이 아니거나 따로 "
                      "양자화됨). 제작자가 공개한 원본이나 GGUF를 쓰세요.",
                      path.string(), feature);
  }
  if (!values.fault().empty()) {
    return make_error(ErrorCode::kBadInput,
                      "{}: the value of \"{}\" is of another kind than expected. Download the file "
                      "again.",
                      "{}: \"{}\" 값의 형식이 잘못되었습니다. 파일을 다시 내려받으세요.",
                      path.string(), values.fault());
  }
  return read;
}

}  // namespace saseo
