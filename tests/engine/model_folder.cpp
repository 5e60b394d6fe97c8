#include "tests/engine/model_folder.h"

#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <cstring>
#include <fstream>
#include <map>
#include <unordered_map>

#include "base/utf8.h"
#include "tests/engine/model_files.h"
#include "tests/engine/small_floats.h"

namespace saseo {
namespace {

using Json = nlohmann::json;

void write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string name_in_folder(const std::string& gguf_name, Architecture architecture,
                           const std::string& prefix) {
  if (gguf_name == "token_embd.weight") return prefix + "embed_tokens.weight";
  if (gguf_name == "output_norm.weight") return prefix + "norm.weight";
  if (gguf_name == "output.weight") {
    return prefix == "language_model.model." ? "language_model.lm_head.weight" : "lm_head.weight";
  }
  std::map<std::string, std::string> parts = {{"attn_norm", "input_layernorm"},
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
  if (architecture == Architecture::kGemma) parts["ffn_norm"] = "post_attention_layernorm";
  const std::size_t dot = gguf_name.find('.', 4);
  const std::string part = gguf_name.substr(dot + 1, gguf_name.size() - dot - 8);
  return fmt::format("{}layers.{}.{}.weight", prefix, gguf_name.substr(4, dot - 4), parts.at(part));
}

std::string less_one(std::span<const std::byte> norm, TensorType type) {
  std::string out;
  for (std::size_t i = 0; i < norm.size(); i += 4) {
    float value = 0;
    std::memcpy(&value, &norm[i], 4);
    value -= 1;
    const std::uint16_t half = bfloat16_of_float(value);
    if (type == TensorType::kF32) {
      out.append(reinterpret_cast<const char*>(&value), 4);
    } else {
      out.append(reinterpret_cast<const char*>(&half), 2);
    }
  }
  return out;
}

std::vector<SafetensorsEntry> entries_of(const Model& model, const FolderOptions& options) {
  const std::string prefix = !options.multimodal   ? "model."
                             : options.newer_names ? "model.language_model."
                                                   : "language_model.model.";
  std::vector<SafetensorsEntry> entries;
  if (options.multimodal) {
    entries.push_back({"vision_tower.vision_model.head.weight", "BF16", {4}, std::string(8, '\0')});
  }
  for (const FileTensor& tensor : tensors_of(model)) {
    const bool norm = tensor.shape.size() == 1;
    const TensorType type = norm ? options.norms : tensor.type;
    entries.push_back({name_in_folder(tensor.name, model.config.architecture, prefix),
                       std::string(tensor_type_info(type).name),
                       {tensor.shape.rbegin(), tensor.shape.rend()},
                       norm ? less_one(tensor.data, type)
                            : std::string(reinterpret_cast<const char*>(tensor.data.data()),
                                          tensor.data.size())});
  }
  return entries;
}

void write_shards(const std::vector<SafetensorsEntry>& entries, const std::filesystem::path& folder,
                  std::size_t shards) {
  Json map = Json::object();
  for (std::size_t shard = 0; shard < shards; ++shard) {
    const std::string name = fmt::format("model-{:05}-of-{:05}.safetensors", shard + 1, shards);
    std::vector<SafetensorsEntry> mine;
    for (std::size_t i = shard; i < entries.size(); i += shards) {
      mine.push_back(entries[i]);
      map[entries[i].name] = name;
    }
    write(folder / name, safetensors_bytes(mine));
  }
  write(folder / "model.safetensors.index.json", Json{{"weight_map", map}}.dump());
}

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void append_field(std::string& out, std::uint64_t number, std::uint64_t value) {
  append_varint(out, number * 8);
  append_varint(out, value);
}

void append_field(std::string& out, std::uint64_t number, std::string_view bytes) {
  append_varint(out, number * 8 + 2);
  append_varint(out, bytes.size());
  out += bytes;
}

}  // namespace

std::string safetensors_bytes(std::span<const SafetensorsEntry> tensors) {
  Json header = Json::object();
  header["__metadata__"] = {{"format", "pt"}};
  std::string data;
  for (const SafetensorsEntry& tensor : tensors) {
    header[tensor.name] = {{"dtype", tensor.dtype},
                           {"shape", tensor.shape},
                           {"data_offsets", {data.size(), data.size() + tensor.data.size()}}};
    data += tensor.data;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  const std::uint64_t size = text.size();
  return std::string(reinterpret_cast<const char*>(&size), 8) + text + data;
}

Json hugging_face_config(const Model& model, bool multimodal) {
  const ModelConfig& c = model.config;
  Json config = {{"model_type", architecture_name(c.architecture)},
                 {"num_hidden_layers", c.layers},
                 {"hidden_size", c.d},
                 {"intermediate_size", c.ff},
                 {"num_attention_heads", c.heads},
                 {"num_key_value_heads", c.kv_heads},
                 {"head_dim", c.head_dim},
                 {"vocab_size", c.vocab},
                 {"max_position_embeddings", c.context},
                 {"rms_norm_eps", 1e-6},
                 {"hidden_activation", "gelu_pytorch_tanh"},
                 {"rope_theta", c.rope_base_global},
                 {"tie_word_embeddings", model.output.data == model.embedding.data}};
  if (c.architecture != Architecture::kGemma) {
    config["query_pre_attn_scalar"] = std::lround(1 / (c.query_scale * c.query_scale));
    config["sliding_window"] = c.window;
  }
  if (c.architecture == Architecture::kGemma2) {
    config["attn_logit_softcapping"] = c.attention_softcap;
    config["final_logit_softcapping"] = c.logit_softcap;
  }
  if (c.architecture == Architecture::kGemma3) {
    config["model_type"] = "gemma3_text";
    config["final_logit_softcapping"] = nullptr;
    config["rope_local_base_freq"] = c.rope_base_local;
    config["sliding_window_pattern"] = c.window_period;
    config["rope_scaling"] = {{"rope_type", "linear"}, {"factor", c.rope_scale_global}};
  }
  if (!multimodal) return config;
  return {{"model_type", "gemma3"}, {"text_config", config}, {"vision_config", Json::object()}};
}

std::string tokenizer_json(const Vocabulary& v) {
  Json added = Json::array(), pieces = Json::object(), merges = Json::array();
  std::unordered_map<std::string_view, TokenKind> kinds;
  for (std::size_t i = 0; i < v.pieces.size(); ++i) {
    pieces[v.pieces[i]] = i;
    const TokenKind kind = v.kinds[i];
    if (kind == TokenKind::kNormal) kinds.emplace(v.pieces[i], kind);
    if (kind == TokenKind::kNormal || kind == TokenKind::kByte) continue;
    added.push_back({{"id", i},
                     {"content", v.pieces[i]},
                     {"special", kind != TokenKind::kUserDefined},
                     {"normalized", false}});
  }
  for (std::size_t i = 0; i < v.pieces.size(); ++i) {
    const std::string_view piece = v.pieces[i];
    if (v.kinds[i] != TokenKind::kNormal) continue;
    for (std::size_t at = 1; at < piece.size(); ++at) {
      const std::string left(piece.substr(0, at)), right(piece.substr(at));
      if (kinds.contains(left) && kinds.contains(right)) merges.push_back({left, right});
    }
  }
  const Json normalizer = {
      {"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "\u2581"}};
  return Json{{"added_tokens", added},
              {"normalizer", normalizer},
              {"model",
               {{"type", "BPE"},
                {"unk_token", "<unk>"},
                {"byte_fallback", true},
                {"vocab", pieces},
                {"merges", merges}}}}
      .dump();
}

std::string sentencepiece_model(const Vocabulary& v) {
  std::string model;
  for (std::size_t i = 0; i < v.pieces.size(); ++i) {
    std::string piece;
    append_field(piece, 1, v.pieces[i]);
    piece += '\x15';  // Field 2, 4 bytes.
    piece.append(reinterpret_cast<const char*>(&v.scores[i]), 4);
    append_field(piece, 3, static_cast<std::uint64_t>(v.kinds[i]));
    append_field(model, 1, piece);
  }
  std::string trainer, normalizer;
  append_field(trainer, 3, 2);
  append_field(trainer, 35, 1);
  append_field(trainer, 40, static_cast<std::uint64_t>(v.unknown));
  append_field(trainer, 41, static_cast<std::uint64_t>(v.bos));
  append_field(trainer, 42, static_cast<std::uint64_t>(v.eos));
  append_field(trainer, 43, static_cast<std::uint64_t>(v.padding));
  append_field(normalizer, 3, v.add_space_prefix ? 1 : 0);
  append_field(model, 2, trainer);
  append_field(model, 3, normalizer);
  return model;
}

void write_hugging_face(const Model& model, const std::filesystem::path& folder,
                        const FolderOptions& options) {
  const Vocabulary vocabulary =
      model.vocabulary.pieces.empty() ? small_vocabulary(model.config.vocab) : model.vocabulary;
  std::filesystem::create_directories(folder);
  write(folder / "config.json", hugging_face_config(model, options.multimodal).dump());
  if (options.sentencepiece) {
    write(folder / "tokenizer.model", sentencepiece_model(vocabulary));
  } else {
    write(folder / "tokenizer.json", tokenizer_json(vocabulary));
  }
  const std::vector<SafetensorsEntry> entries = entries_of(model, options);
  if (options.shards > 1) {
    write_shards(entries, folder, options.shards);
  } else {
    write(folder / "model.safetensors", safetensors_bytes(entries));
  }
}

}  // namespace saseo
