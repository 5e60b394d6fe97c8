#include "engine/model/model_hugging_face.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "base/json.h"
#include "base/message.h"
#include "base/paths.h"
#include "engine/files/gguf_value.h"
#include "engine/files/json_text.h"
#include "engine/files/safetensors.h"
#include "engine/model/model_builder.h"
#include "engine/model/model_hugging_face_config.h"
#include "engine/vocabulary/vocabulary_files.h"

namespace saseo {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
constexpr std::uint64_t kMaxConfigBytes = 32 << 20;  // Gemma 3's tokenizer_config.json has 1 MB.

// An empty object where the file is not there.
Result<Json> read_optional(const fs::path& path) {
  if (!path_exists(path)) return Json(Json::object());
  return read_json_object(path, kMaxConfigBytes);
}

Error no_config(const fs::path& folder) {
  std::string models;
  std::error_code ignored;
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    if (entry->path().extension() == ".gguf") {
      models += (models.empty() ? "" : ", ") + entry->path().filename().string();
    }
  }
  if (!models.empty()) {
    return make_error(
        ErrorCode::kInvalidArgument, "{}: a folder of GGUF files; name one of them: {}",
        "{}: GGUF 파일이 든 폴더입니다. 파일 하나를 지정하세요: {}", folder.string(), models);
  }
  if (path_exists(folder / "adapter_config.json")) {
    return make_error(ErrorCode::kUnsupported,
                      "{}: a LoRA adapter, not a whole model. Merge it into its base model first.",
                      "{}: 모델 전체가 아니라 LoRA 어댑터입니다. 먼저 바탕 모델에 합치세요.",
                      folder.string());
  }
  return make_error(
      ErrorCode::kBadInput,
      "{}: no config.json in this folder. Name a .gguf file, or a folder with a "
      "whole Hugging Face repository.",
      "{}: 이 폴더에 config.json이 없습니다. .gguf 파일이나 Hugging Face 저장소 전체가 "
      "든 폴더를 지정하세요.",
      folder.string());
}

// The name that Hugging Face gives to a tensor: "blk.3.attn_q.weight" ->
// "model.layers.3.self_attn.q_proj.weight"; `prefix` stands before "embed_tokens".
std::string hugging_face_name(std::string_view gguf_name, std::string_view prefix,
                              Architecture architecture) {
  if (gguf_name == "token_embd.weight") return fmt::format("{}embed_tokens.weight", prefix);
  if (gguf_name == "output_norm.weight") return fmt::format("{}norm.weight", prefix);
  if (gguf_name == "output.weight") {
    const bool older = prefix == "language_model.model.";
    return older ? "language_model.lm_head.weight" : "lm_head.weight";
  }
  static const std::map<std::string_view, std::string_view> parts = {
      {"attn_norm", "input_layernorm"},
      {"attn_q", "self_attn.q_proj"},
      {"attn_k", "self_attn.k_proj"},
      {"attn_v", "self_attn.v_proj"},
      {"attn_output", "self_attn.o_proj"},
      {"attn_q_norm", "self_attn.q_norm"},
      {"attn_k_norm", "self_attn.k_norm"},
      {"post_attention_norm", "post_attention_layernorm"},
      {"ffn_norm", "pre_feedforward_layernorm"},
      {"post_ffw_norm", "post_feedforward_layernorm"},
      {"ffn_gate", "mlp.gate_proj"},
      {"ffn_up", "mlp.up_proj"},
      {"ffn_down", "mlp.down_proj"}};
  const std::size_t dot = gguf_name.find('.', 4);  // "blk." | layer | "." | part | ".weight"
  const std::string_view layer = gguf_name.substr(4, dot - 4);
  const std::string_view part = gguf_name.substr(dot + 1, gguf_name.size() - dot - 8);
  std::string_view name = parts.at(part);
  // Gemma 1 has one norm after the attention: that of the feed-forward part.
  if (architecture == Architecture::kGemma && part == "ffn_norm") name = "post_attention_layernorm";
  return fmt::format("{}layers.{}.{}.weight", prefix, layer, name);
}

// Tensors under their GGUF names. Matrices whose elements are not aligned are copied.
class FolderTensors {
 public:
  FolderTensors(const SafetensorsFolder& weights, Architecture architecture, bool tied_head,
                std::vector<std::unique_ptr<std::byte[]>>& owned)
      : weights_(weights), architecture_(architecture), tied_head_(tied_head), owned_(owned) {
    for (const std::string_view prefix :
         {"model.", "language_model.model.", "model.language_model.", ""}) {
      if (weights.tensor(fmt::format("{}embed_tokens.weight", prefix)) == nullptr) continue;
      prefix_ = prefix;
      break;
    }
  }

  std::string name_of(std::string_view gguf_name) const {
    return hugging_face_name(gguf_name, prefix_, architecture_);
  }
  const SafetensorsTensor* tensor(std::string_view gguf_name) const {
    if (gguf_name == "output.weight" && tied_head_) return nullptr;
    return weights_.tensor(name_of(gguf_name));
  }
  std::optional<RawTensor> find(std::string_view gguf_name) {
    const SafetensorsTensor* found = tensor(gguf_name);
    if (found == nullptr || !found->type) return std::nullopt;
    const std::byte* data = found->data;
    const std::size_t element = tensor_type_info(*found->type).block_bytes;
    if (reinterpret_cast<std::uintptr_t>(data) % element != 0) data = aligned(*found);
    return RawTensor{*found->type, found->shape, data};
  }

 private:
  const std::byte* aligned(const SafetensorsTensor& tensor) {
    const std::byte*& copy = copies_[tensor.name];
    if (copy == nullptr) {
      owned_.push_back(std::make_unique<std::byte[]>(tensor.bytes));
      std::memcpy(owned_.back().get(), tensor.data, tensor.bytes);
      copy = owned_.back().get();
    }
    return copy;
  }

  const SafetensorsFolder& weights_;
  Architecture architecture_;
  bool tied_head_;
  std::vector<std::unique_ptr<std::byte[]>>& owned_;
  std::map<std::string, const std::byte*> copies_;
  std::string_view prefix_ = "model.";
};

// A tensor of the model whose numbers are none of ours, such as 8-bit floats.
Status check_types(const FolderTensors& tensors, const fs::path& folder) {
  for (const std::string_view name : {"token_embd.weight", "blk.0.attn_q.weight"}) {
    const SafetensorsTensor* tensor = tensors.tensor(name);
    if (tensor == nullptr || tensor->type) continue;
    return make_error(ErrorCode::kUnsupported,
                      "{}: tensor \"{}\" is stored as {}, which is not read; F32, F16 and BF16 "
                      "are. Take the original weights, or a GGUF.",
                      "{}: 텐서 \"{}\"의 형식 {}은(는) 읽지 못합니다(F32, F16, BF16만). 원본 "
                      "가중치나 GGUF를 쓰세요.",
                      folder.string(), text_for_message(tensor->name),
                      text_for_message(tensor->dtype));
  }
  return {};
}

// tokenizer_config.json writes a token as text or as {"content": text, ...}.
void set_token(const Json& settings, const char* key, const Vocabulary& v, TokenId& id) {
  std::string piece = json_text(settings, key);
  if (const Json* object = json_member(settings, key, Json::value_t::object)) {
    piece = json_text(*object, "content");
  }
  if (piece.empty()) return;
  const auto found = std::ranges::find(v.pieces, piece);
  if (found != v.pieces.end()) id = static_cast<TokenId>(found - v.pieces.begin());
}

// Added tokens beyond the embedding (the picture token of text-only Gemma 3) have no row to stand
// for and are left out.
void drop_tokens_without_row(Vocabulary& v, std::size_t rows) {
  while (v.pieces.size() > rows && v.kinds.back() != TokenKind::kNormal &&
         v.kinds.back() != TokenKind::kByte) {
    v.pieces.pop_back();
    v.scores.pop_back();
    v.kinds.pop_back();
  }
}

Result<Vocabulary> read_vocabulary(const fs::path& folder) {
  if (path_exists(folder / "tokenizer.json")) {
    SASEO_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(folder / "tokenizer.json"));
    return vocabulary_of_tokenizer_json(file.text(), folder / "tokenizer.json");
  }
  if (path_exists(folder / "tokenizer.model")) {
    SASEO_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(folder / "tokenizer.model"));
    return vocabulary_of_sentencepiece(file.text(), folder / "tokenizer.model");
  }
  return make_error(ErrorCode::kNotFound,
                    "{}: neither tokenizer.json nor tokenizer.model is there. Download one of them "
                    "into that folder.",
                    "{}: tokenizer.json도 tokenizer.model도 없습니다. 하나를 그 폴더에 "
                    "내려받으세요.",
                    folder.string());
}

// chat_template.jinja, else tokenizer_config.json: a text or a list of {"name", "template"}.
std::string read_template(const fs::path& folder, const Json& settings) {
  if (auto text = read_file(folder / "chat_template.jinja", kMaxConfigBytes); text.ok()) {
    return std::move(text).value();
  }
  if (const Json* list = json_member(settings, "chat_template", Json::value_t::array)) {
    for (const Json& entry : *list) {
      if (json_text(entry, "name") == "default") return json_text(entry, "template");
    }
  }
  return json_text(settings, "chat_template");
}

SamplingDefaults sampling_of(const Json& generation) {
  const auto real = [&](const char* key) -> std::optional<float> {
    const auto found = generation.find(key);
    if (found == generation.end() || !found->is_number()) return std::nullopt;
    return found->get<float>();
  };
  SamplingDefaults sampling;
  sampling.temperature = real("temperature");
  sampling.top_p = real("top_p");
  sampling.min_p = real("min_p");
  sampling.repetition_penalty = real("repetition_penalty");
  if (const Json* k = json_member(generation, "top_k", Json::value_t::number_unsigned);
      k != nullptr && k->get<std::uint64_t>() <= INT32_MAX) {
    sampling.top_k = k->get<std::int32_t>();
  }
  return sampling;
}

// A folder of the Hugging Face cache is called by a hash:
// models--google--gemma-2-2b-it/snapshots/X.
std::string name_of(const fs::path& folder, const Json& config) {
  fs::path path = fs::absolute(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  if (path.parent_path().filename() == "snapshots") path = path.parent_path().parent_path();
  std::string name = path.filename().string();
  if (const std::size_t at = name.rfind("--"); name.starts_with("models--")) {
    name = name.substr(at + 2);
  }
  return name.empty() ? json_text(config, "_name_or_path") : name;
}

// "license: gemma" between the first two lines "---" of README.md.
std::string license_of(const fs::path& folder) {
  const auto text = read_file(folder / "README.md", kMaxConfigBytes);
  if (!text.ok() || !text->starts_with("---\n")) return "";
  const std::string_view front = std::string_view(*text).substr(0, text->find("\n---", 4));
  const std::size_t at = front.find("\nlicense: ");
  if (at == std::string_view::npos) return "";
  const std::string_view rest = front.substr(at + 10);
  return text_for_message(rest.substr(0, rest.find('\n')));
}

void add_metadata(const Json& object, const std::string& prefix, Model& model) {
  for (const auto& [key, value] : object.items()) {
    if (value.is_object() && prefix.empty()) {
      add_metadata(value, key + ".", model);
    } else {
      const std::string text = written_json(value).substr(0, 200);
      model.metadata.emplace_back(prefix + key, untranslated(text));
    }
  }
}

void describe_tensors(const SafetensorsFolder& weights, Model& model) {
  std::map<std::string_view, std::uint64_t> bytes;
  for (const SafetensorsFile& file : weights.files) {
    for (const SafetensorsTensor& tensor : file.tensors()) {
      if (!tensor.type) continue;
      model.tensors.push_back({tensor.name, *tensor.type, tensor.shape, tensor.bytes});
      model.parameters += tensor.bytes / tensor_type_info(*tensor.type).block_bytes;
      bytes[tensor_type_info(*tensor.type).name] += tensor.bytes;
    }
    model.file_bytes += file.size();
  }
  const auto most =
      std::ranges::max_element(bytes, {}, [](const auto& entry) { return entry.second; });
  if (most != bytes.end()) model.quantization = most->first;
}

}  // namespace

Result<Model> model_from_hugging_face(const fs::path& folder) {
  if (!path_exists(folder / "config.json")) return no_config(folder);
  SASEO_ASSIGN_OR_RETURN(const Json config,
                         read_json_object(folder / "config.json", kMaxConfigBytes));
  SASEO_ASSIGN_OR_RETURN(const HuggingFaceConfig read,
                         read_hugging_face_config(config, folder / "config.json"));
  SASEO_ASSIGN_OR_RETURN(const Json settings, read_optional(folder / "tokenizer_config.json"));
  SASEO_ASSIGN_OR_RETURN(const Json generation, read_optional(folder / "generation_config.json"));
  SASEO_ASSIGN_OR_RETURN(SafetensorsFolder weights, open_safetensors_folder(folder));

  Model model;
  model.config = read.model;
  FolderTensors tensors(weights, read.model.architecture, read.tied_head, model.owned);
  SASEO_RETURN_IF_ERROR(check_types(tensors, folder));
  const TensorSource source = {
      .path = folder,
      .find = [&](std::string_view name) { return tensors.find(name); },
      .name_in_file = [&](std::string_view name) { return tensors.name_of(name); },
      .norm_bias = 1};
  SASEO_ASSIGN_OR_RETURN(model.config.vocab, embedding_rows(source, read.model.architecture));
  SASEO_RETURN_IF_ERROR(check_config(model.config, folder / "config.json"));

  SASEO_ASSIGN_OR_RETURN(model.vocabulary, read_vocabulary(folder));
  Vocabulary& v = model.vocabulary;
  set_token(settings, "bos_token", v, v.bos);
  set_token(settings, "eos_token", v, v.eos);
  set_token(settings, "pad_token", v, v.padding);
  if (const Json* add = json_member(settings, "add_bos_token", Json::value_t::boolean)) {
    v.add_bos = add->get<bool>();
  }
  if (const Json* add = json_member(settings, "add_eos_token", Json::value_t::boolean)) {
    v.add_eos = add->get<bool>();
  }
  drop_tokens_without_row(v, model.config.vocab);
  SASEO_RETURN_IF_ERROR(check_vocabulary(v, model.config, folder));
  SASEO_RETURN_IF_ERROR(bind_weights(source, model));
  if (!read.tied_head && model.output.data == model.embedding.data) {
    return make_error(ErrorCode::kBadInput,
                      "{}: the tensor {} is missing, as tie_word_embeddings is false. Download the "
                      "weights again.",
                      "{}: tie_word_embeddings가 false인데 텐서 {}이(가) 없습니다. 가중치를 다시 "
                      "내려받으세요.",
                      folder.string(), tensors.name_of("output.weight"));
  }

  model.name = name_of(folder, config);
  model.license = license_of(folder);
  model.chat_template = read_template(folder, settings);
  model.sampling = sampling_of(generation);
  add_metadata(config, "", model);
  describe_tensors(weights, model);
  for (const char* file : {"config.json", "tokenizer.json", "tokenizer.model"}) {
    if (path_exists(folder / file)) model.paths.push_back(folder / file);
  }
  for (std::size_t i = 0; i < weights.files.size(); ++i) {
    model.paths.push_back(weights.paths[i]);
    model.files.push_back(std::move(weights.files[i]).take_file());
  }
  return model;
}

}  // namespace saseo
