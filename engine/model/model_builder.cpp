#include "engine/model/model_builder.h"

#include <cmath>
#include <cstring>

#include "base/message.h"
#include "engine/files/gguf_value.h"
#include "engine/model/dequantize.h"
#include "engine/model/model_tensors.h"

namespace saseo {
namespace {

Result<RawTensor> required(const TensorSource& source, const std::string& name,
                           Architecture architecture) {
  if (auto tensor = source.find(name)) return std::move(*tensor);
  return make_error(
      ErrorCode::kBadInput,
      "{}: the tensor {} is missing, which a {} model needs. Download the file again, or take "
      "another conversion.",
      "{0}: {2} 모델에 필요한 텐서 {1}이(가) 없습니다. 다시 내려받거나 다른 변환본을 쓰세요.",
      source.path.string(), source.name_in_file(name), architecture_name(architecture));
}

class Binder {
 public:
  Binder(const TensorSource& source, const ModelConfig& config)
      : source_(source), config_(config) {}

  Result<WeightMatrix> matrix(const std::string& name, std::uint32_t rows,
                              std::uint32_t cols) const {
    SASEO_ASSIGN_OR_RETURN(const RawTensor tensor, required(source_, name, config_.architecture));
    if (tensor.shape != std::vector<std::uint64_t>{cols, rows}) {
      return wrong_shape(name, tensor, fmt::format("{} x {}", rows, cols));
    }
    return WeightMatrix{tensor.type, rows, cols, tensor.data};
  }

  Result<std::vector<float>> norm(const std::string& name, std::uint32_t size) const {
    SASEO_ASSIGN_OR_RETURN(const RawTensor tensor, required(source_, name, config_.architecture));
    if (tensor.shape != std::vector<std::uint64_t>{size}) {
      return wrong_shape(name, tensor, std::to_string(size));
    }
    std::vector<float> values(size);
    dequantize_row({tensor.type, 1, size, tensor.data}, 0, values);
    for (float& value : values) {
      value += source_.norm_bias;
      if (!std::isfinite(value)) {
        return make_error(ErrorCode::kDamaged,
                          "{}: {} holds a value that is not a number. Download the file again.",
                          "{}: {}에 숫자가 아닌 값이 있습니다. 파일을 다시 내려받으세요.",
                          source_.path.string(), source_.name_in_file(name));
      }
    }
    return values;
  }

  bool has(const std::string& name) const { return source_.find(name).has_value(); }

 private:
  Error wrong_shape(const std::string& name, const RawTensor& tensor,
                    const std::string& expected) const {
    std::string found;
    for (std::size_t i = tensor.shape.size(); i-- > 0;) {
      found += std::to_string(tensor.shape[i]) + (i == 0 ? "" : " x ");
    }
    return make_error(
        ErrorCode::kBadInput,
        "{}: tensor {} is {}; the model's shape asks for {}. Take another conversion.",
        "{}: 텐서 {}의 크기가 {}입니다. 모델에 맞는 크기는 {}입니다. 다른 변환본을 쓰세요.",
        source_.path.string(), source_.name_in_file(name), found, expected);
  }

  const TensorSource& source_;
  const ModelConfig& config_;
};

Result<LayerWeights> bind_layer(const Binder& binder, const ModelConfig& c, std::uint32_t index) {
  LayerWeights layer;
  for (const LayerNorm& n : kLayerNorms) {
    if (c.architecture < n.since) continue;
    SASEO_ASSIGN_OR_RETURN(layer.*n.weights,
                           binder.norm(layer_tensor_name(index, n.name), n.size(c)));
  }
  for (const LayerMatrix& m : kLayerMatrices) {
    SASEO_ASSIGN_OR_RETURN(layer.*m.matrix,
                           binder.matrix(layer_tensor_name(index, m.name), m.rows(c), m.cols(c)));
  }
  return layer;
}

}  // namespace

Error unsupported_architecture(const std::filesystem::path& path, std::string_view name) {
  return make_error(
      ErrorCode::kUnsupported,
      "{}: a model of the architecture \"{}\", which is not supported. Take a Gemma 1, "
      "2 or 3 model (gemma, gemma2, gemma3).",
      "{}: \"{}\" 구조의 모델은 지원하지 않습니다. Gemma 1, 2, 3 모델(gemma, gemma2, "
      "gemma3)을 쓰세요.",
      path.string(), name.empty() ? "?" : text_for_message(name));
}

Result<std::uint32_t> embedding_rows(const TensorSource& source, Architecture architecture) {
  const std::string name(kEmbeddingName);
  SASEO_ASSIGN_OR_RETURN(const RawTensor tensor, required(source, name, architecture));
  if (tensor.shape.size() == 2 && tensor.shape[1] <= UINT32_MAX) {
    return static_cast<std::uint32_t>(tensor.shape[1]);
  }
  return make_error(ErrorCode::kBadInput,
                    "{}: tensor {} has {} dimensions; 2 were expected. Take another conversion.",
                    "{}: 텐서 {}의 차원이 {}개입니다. 2개여야 합니다. 다른 변환본을 쓰세요.",
                    source.path.string(), source.name_in_file(name), tensor.shape.size());
}

Status bind_weights(const TensorSource& source, Model& model) {
  const ModelConfig& c = model.config;
  const Binder binder(source, c);
  SASEO_ASSIGN_OR_RETURN(model.embedding, binder.matrix(std::string(kEmbeddingName), c.vocab, c.d));
  if (const std::string name(kOutputName); binder.has(name)) {
    SASEO_ASSIGN_OR_RETURN(model.output, binder.matrix(name, c.vocab, c.d));
  } else {
    model.output = model.embedding;
  }
  SASEO_ASSIGN_OR_RETURN(model.output_norm, binder.norm(std::string(kOutputNormName), c.d));
  for (std::uint32_t i = 0; i < c.layers; ++i) {
    SASEO_ASSIGN_OR_RETURN(LayerWeights layer, bind_layer(binder, c, i));
    model.layers.push_back(std::move(layer));
  }
  return {};
}

Status check_config(const ModelConfig& c, const std::filesystem::path& path) {
  const auto wrong = [&](std::string_view what, auto value) {
    return make_error(
        ErrorCode::kBadInput,
        "{}: the model's shape cannot be: {} is {}. The file is damaged or of another kind.",
        "{}: 모델의 모양이 잘못되었습니다. {}이(가) {}입니다. 손상되었거나 다른 종류의 파일입니다.",
        path.string(), what, value);
  };
  struct Bound {
    std::string_view name;
    std::uint64_t value, largest;
  };
  for (const auto& [name, value, largest] :
       {Bound{"layers", c.layers, 1024}, Bound{"embedding_length", c.d, 1 << 17},
        Bound{"feed_forward_length", c.ff, 1 << 20}, Bound{"head_count", c.heads, 1024},
        Bound{"head_count_kv", c.kv_heads, 1024}, Bound{"key_length", c.head_dim, 4096},
        Bound{"vocabulary", c.vocab, 1 << 22}, Bound{"context_length", c.context, 1 << 24}}) {
    if (value == 0 || value > largest) return wrong(name, value);
  }
  if (c.heads % c.kv_heads != 0) return wrong("head_count_kv", c.kv_heads);
  if (c.head_dim % 32 != 0) return wrong("key_length", c.head_dim);
  if (c.window_period == 0) return wrong("sliding_window_pattern", c.window_period);
  struct Scale {
    std::string_view name;
    float value;
    bool may_be_zero = false;
  };
  for (const auto& [name, value, may_be_zero] :
       {Scale{"layer_norm_rms_epsilon", c.rms_epsilon}, Scale{"query scale", c.query_scale},
        Scale{"rope.freq_base", c.rope_base_global},
        Scale{"local rope.freq_base", c.rope_base_local},
        Scale{"rope.scaling.factor", c.rope_scale_global},
        Scale{"attn_logit_softcapping", c.attention_softcap, true},
        Scale{"final_logit_softcapping", c.logit_softcap, true}}) {
    if (!std::isfinite(value) || value < 0 || (value == 0 && !may_be_zero)) {
      return wrong(name, value);
    }
  }
  return {};
}

Status check_vocabulary(const Vocabulary& v, const ModelConfig& config,
                        const std::filesystem::path& path) {
  const std::size_t size = v.pieces.size();
  if (v.scores.size() != size || v.kinds.size() != size || size > config.vocab || size == 0) {
    return make_error(ErrorCode::kBadInput,
                      "{}: the vocabulary has {} pieces, {} scores and {} kinds; the embedding has "
                      "{} rows. Take another conversion.",
                      "{}: 어휘의 조각 {}개, 점수 {}개, 종류 {}개가 임베딩 {}행과 맞지 않습니다. "
                      "다른 변환본을 쓰세요.",
                      path.string(), size, v.scores.size(), v.kinds.size(), config.vocab);
  }
  for (const float score : v.scores) {
    if (!std::isfinite(score)) {
      return make_error(
          ErrorCode::kBadInput, "{}: a token's score is not a number. Download the file again.",
          "{}: 토큰 점수에 숫자가 아닌 값이 있습니다. 파일을 다시 내려받으세요.", path.string());
    }
  }
  for (const TokenId id : {v.bos, v.eos, v.unknown, v.padding, v.end_of_turn.value_or(0)}) {
    if (id < 0 || static_cast<std::size_t>(id) >= size) {
      return make_error(ErrorCode::kBadInput,
                        "{}: a special token has the id {}; the vocabulary has {} tokens. Take "
                        "another conversion.",
                        "{}: 특수 토큰 번호 {}이(가) 어휘 {}개를 벗어납니다. 다른 변환본을 쓰세요.",
                        path.string(), id, size);
    }
  }
  return {};
}

}  // namespace saseo
