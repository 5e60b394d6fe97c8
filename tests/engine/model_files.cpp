#include "tests/engine/model_files.h"

#include <fmt/format.h>

#include <cassert>
#include <set>

#include "base/utf8.h"
#include "tests/engine/made_vocabulary.h"

namespace saseo {
namespace {

constexpr std::string_view kWords =
    "the device battery charging screen button manual page settings reset 배터리 충전 "
    "무선 "
    "지문 인식 기기 설정 화면 버튼 누르세요 합니다 에서 으로 하는 방법 초기화 청소";

void set_shape(GgufHeader& header, const Model& model) {
  const ModelConfig& c = model.config;
  const std::string prefix = std::string(architecture_name(c.architecture)) + ".";
  header.set("general.architecture", architecture_name(c.architecture));
  header.set("general.name", model.name);
  header.set(prefix + "context_length", c.context);
  header.set(prefix + "embedding_length", c.d);
  header.set(prefix + "block_count", c.layers);
  header.set(prefix + "feed_forward_length", c.ff);
  header.set(prefix + "attention.head_count", c.heads);
  header.set(prefix + "attention.head_count_kv", c.kv_heads);
  header.set(prefix + "attention.key_length", c.head_dim);
  header.set(prefix + "attention.value_length", c.head_dim);
  header.set(prefix + "attention.layer_norm_rms_epsilon", c.rms_epsilon);
  if (c.window != 0) header.set(prefix + "attention.sliding_window", c.window);
  if (c.attention_softcap > 0) header.set(prefix + "attn_logit_softcapping", c.attention_softcap);
  if (c.logit_softcap > 0) header.set(prefix + "final_logit_softcapping", c.logit_softcap);
  if (c.architecture == Architecture::kGemma3) {
    header.set(prefix + "rope.freq_base", c.rope_base_global);
    if (c.rope_scale_global != 1) {
      header.set(prefix + "rope.scaling.type", "linear");
      header.set(prefix + "rope.scaling.factor", c.rope_scale_global);
    }
  }
}

void set_vocabulary(GgufHeader& header, const Vocabulary& v) {
  std::vector<std::int32_t> kinds;
  for (const TokenKind kind : v.kinds) kinds.push_back(static_cast<std::int32_t>(kind));
  header.set("tokenizer.ggml.model", "llama");
  header.set("tokenizer.ggml.pre", "default");
  header.set("tokenizer.ggml.tokens", v.pieces);
  header.set("tokenizer.ggml.scores", v.scores);
  header.set("tokenizer.ggml.token_type", kinds);
  header.set("tokenizer.ggml.bos_token_id", static_cast<std::uint32_t>(v.bos));
  header.set("tokenizer.ggml.eos_token_id", static_cast<std::uint32_t>(v.eos));
  header.set("tokenizer.ggml.unknown_token_id", static_cast<std::uint32_t>(v.unknown));
  header.set("tokenizer.ggml.padding_token_id", static_cast<std::uint32_t>(v.padding));
  header.set("tokenizer.ggml.add_bos_token", v.add_bos);
  header.set("tokenizer.ggml.add_eos_token", v.add_eos);
  header.set("tokenizer.ggml.add_space_prefix", v.add_space_prefix);
}

}  // namespace

Vocabulary small_vocabulary(std::size_t size) {
  std::vector<std::string> pieces;
  std::set<std::string> seen, characters = {"\u2581", "\t", ".", ",", "!", "?", "0", "1", "2", "3"};
  std::string word = "\u2581";
  const auto finish_word = [&] {
    for (const std::string_view from : {std::string_view(word), std::string_view(word).substr(3)}) {
      for (std::size_t end = 1; end <= from.size(); ++end) {
        const std::string piece(from.substr(0, floor_to_code_point(from, end)));
        if (count_code_points(piece) >= 2 && seen.insert(piece).second) pieces.push_back(piece);
      }
    }
    word = "\u2581";
  };
  for (std::size_t at = 0; at < kWords.size();) {
    const std::size_t length = decode_utf8(kWords, at).length;
    const std::string character(kWords.substr(at, length));
    at += length;
    if (character == " ") {
      finish_word();
    } else {
      characters.insert(character);
      word += character;
    }
  }
  finish_word();
  pieces.insert(pieces.end(), characters.begin(), characters.end());
  Vocabulary vocabulary = made_vocabulary(pieces);
  assert(vocabulary.pieces.size() <= size);
  // From 0 down, as in Gemma's own files.
  for (std::size_t i = kFirstPiece; i < vocabulary.scores.size(); ++i) ++vocabulary.scores[i];
  while (vocabulary.pieces.size() < size) {
    vocabulary.pieces.push_back(fmt::format("<unused{}>", vocabulary.pieces.size()));
    vocabulary.scores.push_back(0);
    vocabulary.kinds.push_back(TokenKind::kControl);
  }
  return vocabulary;
}

std::vector<FileTensor> tensors_of(const Model& model) {
  std::vector<FileTensor> tensors;
  const auto norm = [&](std::string name, const std::vector<float>& values) {
    if (values.empty()) return;
    tensors.push_back(
        {std::move(name), TensorType::kF32, {values.size()}, std::as_bytes(std::span(values))});
  };
  const auto matrix = [&](std::string name, const WeightMatrix& m) {
    tensors.push_back({std::move(name), m.type, {m.cols, m.rows}, {m.data, m.bytes()}});
  };
  matrix("token_embd.weight", model.embedding);
  if (model.output.data != model.embedding.data) matrix("output.weight", model.output);
  norm("output_norm.weight", model.output_norm);
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const LayerWeights& layer = model.layers[i];
    const auto name = [&](const char* part) { return fmt::format("blk.{}.{}.weight", i, part); };
    norm(name("attn_norm"), layer.attention_norm);
    matrix(name("attn_q"), layer.q);
    matrix(name("attn_k"), layer.k);
    matrix(name("attn_v"), layer.v);
    norm(name("attn_q_norm"), layer.q_norm);
    norm(name("attn_k_norm"), layer.k_norm);
    matrix(name("attn_output"), layer.attention_output);
    norm(name("post_attention_norm"), layer.post_attention_norm);
    norm(name("ffn_norm"), layer.ffn_norm);
    matrix(name("ffn_gate"), layer.gate);
    matrix(name("ffn_up"), layer.up);
    matrix(name("ffn_down"), layer.down);
    norm(name("post_ffw_norm"), layer.post_ffn_norm);
  }
  return tensors;
}

GgufHeader metadata_of(const Model& model) {
  GgufHeader header;
  set_shape(header, model);
  set_vocabulary(header, model.vocabulary.pieces.empty() ? small_vocabulary(model.config.vocab)
                                                         : model.vocabulary);
  return header;
}

Status write_gguf(GgufHeader header, std::span<const FileTensor> tensors,
                  const std::filesystem::path& path) {
  for (const FileTensor& tensor : tensors) {
    header.add_tensor(tensor.name, tensor.type, tensor.shape);
  }
  SASEO_ASSIGN_OR_RETURN(GgufWriter writer, GgufWriter::create(path, header));
  for (const FileTensor& tensor : tensors) SASEO_RETURN_IF_ERROR(writer.append(tensor.data));
  return writer.finish();
}

Status write_gguf(const Model& model, const std::filesystem::path& path) {
  return write_gguf(metadata_of(model), tensors_of(model), path);
}

Status write_split_gguf(const Model& model, const std::filesystem::path& folder,
                        std::string_view name, std::uint16_t parts) {
  assert(parts > 1);
  const std::vector<FileTensor> all = tensors_of(model);
  const std::size_t share = (all.size() + parts - 2) / (parts - 1);
  for (std::uint16_t part = 0; part < parts; ++part) {
    GgufHeader header = part == 0 ? metadata_of(model) : GgufHeader();
    header.set("split.no", part);
    header.set("split.count", parts);
    header.set("split.tensors.count", static_cast<std::int32_t>(all.size()));
    const std::size_t begin = part == 0 ? 0 : std::min(all.size(), (part - 1) * share);
    const std::size_t end = part == 0 ? 0 : std::min(all.size(), begin + share);
    SASEO_RETURN_IF_ERROR(
        write_gguf(std::move(header), std::span(all).subspan(begin, end - begin),
                   folder / fmt::format("{}-{:05}-of-{:05}.gguf", name, part + 1, parts)));
  }
  return {};
}

}  // namespace saseo
