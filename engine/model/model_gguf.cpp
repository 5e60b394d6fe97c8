#include "engine/model/model_gguf.h"

#include <algorithm>
#include <cmath>

#include "base/message.h"
#include "engine/model/model_builder.h"

namespace saseo {
namespace {

Result<Architecture> architecture_of(const GgufFile& file, const std::filesystem::path& path) {
  const std::string_view name = file.text("general.architecture");
  for (const Architecture a :
       {Architecture::kGemma, Architecture::kGemma2, Architecture::kGemma3}) {
    if (name == architecture_name(a)) return a;
  }
  if (name == "clip" || file.text("general.type") == "mmproj") {
    return make_error(ErrorCode::kUnsupported,
                      "{}: an image projector (mmproj), not a language model. Take the main .gguf "
                      "file beside it.",
                      "{}: 언어 모델이 아니라 이미지 변환기(mmproj)입니다. 함께 있는 본 모델 .gguf "
                      "파일을 쓰세요.",
                      path.string());
  }
  return unsupported_architecture(path, name);
}

class MetadataReader {
 public:
  MetadataReader(const GgufFile& file, const std::filesystem::path& path, Architecture architecture)
      : file_(file), path_(path), prefix_(std::string(architecture_name(architecture)) + ".") {}

  Result<std::uint32_t> required(std::string_view key) const {
    const auto value = file_.number(prefix_ + std::string(key));
    if (value && *value <= UINT32_MAX) return static_cast<std::uint32_t>(*value);
    return make_error(ErrorCode::kBadInput,
                      "{}: the value {}{} is missing or not a number. Take another conversion.",
                      "{}: {}{} 값이 없거나 숫자가 아닙니다. 다른 변환본을 쓰세요.", path_.string(),
                      prefix_, key);
  }
  std::uint32_t number(std::string_view key, std::uint32_t otherwise) const {
    const auto value = file_.number(prefix_ + std::string(key));
    return value && *value <= UINT32_MAX ? static_cast<std::uint32_t>(*value) : otherwise;
  }
  float real(std::string_view key, float otherwise) const {
    return static_cast<float>(file_.real(prefix_ + std::string(key)).value_or(otherwise));
  }
  std::string_view text(std::string_view key) const {
    return file_.text(prefix_ + std::string(key));
  }

 private:
  const GgufFile& file_;
  const std::filesystem::path& path_;
  std::string prefix_;
};

// A scaling that is not applied would give wrong words on long texts without a sign.
Status check_rope_scaling(const MetadataReader& data, const ModelConfig& c,
                          const std::filesystem::path& path) {
  const std::string_view scaling = data.text("rope.scaling.type");
  const bool linear = scaling == "linear" && (c.architecture == Architecture::kGemma3 ||
                                              data.real("rope.scaling.factor", 1) == 1.0f);
  if (scaling.empty() || scaling == "none" || linear) return {};
  return make_error(ErrorCode::kUnsupported,
                    "{}: positions are scaled in the way \"{}\" (rope.scaling.type), which is not "
                    "supported. Take the model as its makers published it.",
                    "{}: 위치 조정 방식 \"{}\"(rope.scaling.type)은 지원하지 않습니다. 제작자가 "
                    "공개한 원본 모델을 쓰세요.",
                    path.string(), text_for_message(scaling));
}

Result<ModelConfig> config_of(const GgufFile& file, Architecture architecture, std::uint32_t vocab,
                              const std::filesystem::path& path) {
  ModelConfig c;
  c.architecture = architecture;
  const MetadataReader data(file, path, c.architecture);
  SASEO_ASSIGN_OR_RETURN(c.layers, data.required("block_count"));
  SASEO_ASSIGN_OR_RETURN(c.d, data.required("embedding_length"));
  SASEO_ASSIGN_OR_RETURN(c.ff, data.required("feed_forward_length"));
  SASEO_ASSIGN_OR_RETURN(c.heads, data.required("attention.head_count"));
  c.kv_heads = data.number("attention.head_count_kv", c.heads);
  c.head_dim = data.number("attention.key_length", c.heads == 0 ? 0 : c.d / c.heads);
  if (data.number("attention.value_length", c.head_dim) != c.head_dim) c.head_dim = 0;
  c.context = data.number("context_length", 8192);
  c.rms_epsilon = data.real("attention.layer_norm_rms_epsilon", 1e-6f);
  c.vocab = vocab;
  c.query_scale = c.head_dim == 0 ? 0 : 1.0f / std::sqrt(static_cast<float>(c.head_dim));
  c.rope_base_global = data.real("rope.freq_base", 10000.0f);
  c.rope_base_local = 10000.0f;
  // The 27B models scale queries by the width per head, which is not their head_dim.
  const auto per_head = [&] {
    const std::uint32_t width = c.d / c.heads;
    return 1.0f / std::sqrt(static_cast<float>(width));
  };
  if (c.architecture == Architecture::kGemma2) {
    c.window = data.number("attention.sliding_window", 4096);
    c.window_period = 2;
    c.attention_softcap = data.real("attn_logit_softcapping", 50.0f);
    c.logit_softcap = data.real("final_logit_softcapping", 30.0f);
    c.rope_base_local = c.rope_base_global;
    if (c.layers == 46 && c.heads != 0) c.query_scale = per_head();
  }
  if (c.architecture == Architecture::kGemma3) {
    c.window = data.number("attention.sliding_window", 0);
    c.window_period = data.number("attention.sliding_window_pattern", 6);
    c.rope_base_global = data.real("rope.freq_base", 1e6f);
    // Converters name the local base in two ways.
    c.rope_base_local =
        data.real("rope.freq_base_swa", data.real("rope.local.freq_base", 10000.0f));
    c.attention_softcap = data.real("attn_logit_softcapping", 0);
    c.logit_softcap = data.real("final_logit_softcapping", 0);
    if (data.text("rope.scaling.type") == "linear") {
      c.rope_scale_global = data.real("rope.scaling.factor", 1.0f);
    }
    if (c.layers == 62 && c.heads != 0) c.query_scale = per_head();
  }
  SASEO_RETURN_IF_ERROR(check_rope_scaling(data, c, path));
  SASEO_RETURN_IF_ERROR(check_config(c, path));
  return c;
}

Result<Vocabulary> vocabulary_of(const GgufFile& file, const std::filesystem::path& path) {
  const std::string_view model = file.text("tokenizer.ggml.model");
  const GgufArray* tokens = file.array("tokenizer.ggml.tokens");
  const GgufArray* scores = file.array("tokenizer.ggml.scores");
  const GgufArray* kinds = file.array("tokenizer.ggml.token_type");
  if (model != "llama" || tokens == nullptr || tokens->element != GgufType::kString ||
      scores == nullptr || scores->count != tokens->count || scores->numbers == nullptr ||
      kinds == nullptr || kinds->count != tokens->count || kinds->numbers == nullptr) {
    return make_error(
        ErrorCode::kBadInput,
        "{}: no SentencePiece vocabulary in it (tokenizer.ggml.model is \"{}\"). Take another "
        "conversion.",
        "{}: SentencePiece 어휘가 없습니다(tokenizer.ggml.model이 \"{}\"). 다른 변환본을 쓰세요.",
        path.string(), text_for_message(model));
  }
  Vocabulary v;
  v.pieces.reserve(tokens->count);
  v.scores.reserve(tokens->count);
  v.kinds.reserve(tokens->count);
  for (std::uint64_t i = 0; i < tokens->count; ++i) {
    v.pieces.emplace_back(tokens->strings[i]);
    v.scores.push_back(static_cast<float>(gguf_number(*scores, i)));
    const double kind = gguf_number(*kinds, i);
    v.kinds.push_back(kind >= 1 && kind <= 6 ? static_cast<TokenKind>(static_cast<int>(kind))
                                             : TokenKind::kNormal);
  }
  const auto id = [&](const char* key, TokenId otherwise) {
    const auto value = file.number(key);
    if (!value) return otherwise;
    return static_cast<TokenId>(std::min<std::uint64_t>(*value, INT32_MAX));
  };
  v.bos = id("tokenizer.ggml.bos_token_id", 2);
  v.eos = id("tokenizer.ggml.eos_token_id", 1);
  v.unknown = id("tokenizer.ggml.unknown_token_id", 3);
  v.padding = id("tokenizer.ggml.padding_token_id", 0);
  const auto turn = std::ranges::find(v.pieces, "<end_of_turn>");
  if (turn != v.pieces.end()) v.end_of_turn = static_cast<TokenId>(turn - v.pieces.begin());
  v.add_bos = file.flag("tokenizer.ggml.add_bos_token").value_or(true);
  v.add_eos = file.flag("tokenizer.ggml.add_eos_token").value_or(false);
  v.add_space_prefix = file.flag("tokenizer.ggml.add_space_prefix").value_or(false);
  return v;
}

// A value as a line for people.
Message shown(const GgufValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    return untranslated(std::string(text->substr(0, 200)) + (text->size() > 200 ? "..." : ""));
  }
  if (const auto* array = std::get_if<GgufArray>(&value)) {
    return message("[{} elements]", "[{}개]", array->count);
  }
  if (const auto* flag = std::get_if<bool>(&value)) return untranslated(*flag ? "true" : "false");
  if (const auto* u = std::get_if<std::uint64_t>(&value)) return untranslated(std::to_string(*u));
  if (const auto* s = std::get_if<std::int64_t>(&value)) return untranslated(std::to_string(*s));
  return untranslated(fmt::format("{:g}", std::get<double>(value)));
}

SamplingDefaults sampling_of(const GgufFile& file) {
  const auto real = [&](const char* key) -> std::optional<float> {
    if (const auto value = file.real(key)) return static_cast<float>(*value);
    return std::nullopt;
  };
  SamplingDefaults sampling;
  sampling.temperature = real("general.sampling.temp");
  sampling.top_p = real("general.sampling.top_p");
  sampling.min_p = real("general.sampling.min_p");
  sampling.repetition_penalty = real("general.sampling.penalty_repeat");
  if (const auto k = file.number("general.sampling.top_k"); k && *k <= INT32_MAX) {
    sampling.top_k = static_cast<std::int32_t>(*k);
  }
  return sampling;
}

// The usual names of general.file_type; otherwise the type that most weights have.
std::string quantization_of(const GgufFile& file, const std::vector<TensorInfo>& tensors) {
  switch (file.number("general.file_type").value_or(UINT64_MAX)) {
    case 10:
      return "Q2_K";
    case 11:
      return "Q3_K_S";
    case 12:
      return "Q3_K_M";
    case 13:
      return "Q3_K_L";
    case 14:
      return "Q4_K_S";
    case 15:
      return "Q4_K_M";
    case 16:
      return "Q5_K_S";
    case 17:
      return "Q5_K_M";
    default:
      break;
  }
  std::map<std::string_view, std::uint64_t> bytes;
  for (const TensorInfo& tensor : tensors) {
    if (tensor.name != "token_embd.weight")
      bytes[tensor_type_info(tensor.type).name] += tensor.bytes;
  }
  const auto most =
      std::ranges::max_element(bytes, {}, [](const auto& entry) { return entry.second; });
  return most == bytes.end() ? "" : std::string(most->first);
}

}  // namespace

Result<Model> model_from_gguf(std::vector<GgufFile> parts,
                              const std::vector<std::filesystem::path>& paths) {
  const GgufFile& head = parts.front();
  const TensorSource source = {
      .path = paths.front(),
      .find = [&](std::string_view name) -> std::optional<RawTensor> {
        for (const GgufFile& part : parts) {
          if (const GgufTensor* t = part.tensor(name)) return RawTensor{t->type, t->shape, t->data};
        }
        return std::nullopt;
      },
      .name_in_file = [](std::string_view name) { return std::string(name); }};
  // An architecture that is not ours is said before anything that it may lack.
  SASEO_ASSIGN_OR_RETURN(const Architecture architecture, architecture_of(head, paths.front()));
  SASEO_ASSIGN_OR_RETURN(const std::uint32_t vocab, embedding_rows(source, architecture));
  Model model;
  SASEO_ASSIGN_OR_RETURN(model.config, config_of(head, architecture, vocab, paths.front()));
  SASEO_ASSIGN_OR_RETURN(model.vocabulary, vocabulary_of(head, paths.front()));
  SASEO_RETURN_IF_ERROR(check_vocabulary(model.vocabulary, model.config, paths.front()));
  model.name = std::string(head.text("general.name"));
  if (model.name.empty()) model.name = paths.front().stem().string();
  model.license = std::string(head.text("general.license"));
  model.chat_template = std::string(head.text("tokenizer.chat_template"));
  model.sampling = sampling_of(head);
  for (const auto& [key, value] : head.values()) {
    model.metadata.emplace_back(std::string(key), shown(value));
  }
  for (const GgufFile& part : parts) {
    for (const GgufTensor& tensor : part.tensors()) {
      model.tensors.push_back({std::string(tensor.name), tensor.type, tensor.shape, tensor.bytes});
      std::uint64_t elements = 1;
      for (const std::uint64_t size : tensor.shape) elements *= size;
      model.parameters += elements;
    }
    model.file_bytes += part.size();
  }
  model.quantization = quantization_of(head, model.tensors);
  SASEO_RETURN_IF_ERROR(bind_weights(source, model));
  model.paths = paths;
  for (GgufFile& part : parts) model.files.push_back(std::move(part).take_file());
  return model;
}

}  // namespace saseo
