// One layer, for every token's residual stream x:
//
//   x += post_norm( W_o attention( rope(norm_q(W_q norm(x))), rope(norm_k(W_k norm(x))), W_v
//   norm(x) ) ) x += post_norm( W_down ( gelu(W_gate norm(x)) * W_up norm(x) ) )
//
// norm is RMS normalisation times a weight; Gemma 1 has no post norms, only Gemma 3 has norm_q and
// norm_k. Sources: the Gemma (2024), Gemma 2 (2024) and Gemma 3 (2025) reports; RoPE: Su et al.
// 2021, in the form that pairs element i with i + head_dim / 2.
#include "engine/transformer.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/message.h"
#include "engine/kernels/matmul.h"

namespace saseo {
namespace {

void rms_norm(const float* x, std::span<const float> weight, float epsilon, float* out) {
  matmul_kernels().rms_norm(x, weight.data(), weight.size(), epsilon, out);
}

// Rotates each pair (i, i + head_dim / 2) by its angle; angles: cos, then sin (head_dim / 2 each).
void rotate(float* head, const float* angles, std::uint32_t head_dim) {
  const std::uint32_t half = head_dim / 2;
  for (std::uint32_t i = 0; i < half; ++i) {
    const float a = head[i], b = head[i + half], c = angles[i], s = angles[i + half];
    head[i] = a * c - b * s;
    head[i + half] = a * s + b * c;
  }
}

void set_angles(float* angles, std::uint32_t position, float base, float scale,
                std::uint32_t head_dim) {
  const std::uint32_t half = head_dim / 2;
  for (std::uint32_t i = 0; i < half; ++i) {
    const double angle = static_cast<double>(position) / scale *
                         std::pow(static_cast<double>(base), -2.0 * i / head_dim);
    angles[i] = static_cast<float>(std::cos(angle));
    angles[i + half] = static_cast<float>(std::sin(angle));
  }
}

}  // namespace

std::uint64_t transformer_scratch_bytes(const ModelConfig& config,
                                        const TransformerOptions& options) {
  const std::uint64_t widest = std::max({config.d, config.ff, config.q_dim()});
  const std::uint64_t floats = 3ull * config.d + 2ull * config.q_dim() + 2ull * config.kv_dim() +
                               2ull * config.ff + 2ull * config.head_dim;
  const std::uint64_t quantised = widest + widest / 2;  // Codes, and two floats per 16.
  return options.max_batch * (4 * floats + quantised) + 4ull * options.max_logits * config.vocab;
}

Transformer::Transformer(const Model& model, ThreadPool& pool, const TransformerOptions& options)
    : model_(model), pool_(pool), options_(options), scores_(pool.size()) {}

Result<std::span<const float>> Transformer::forward(std::span<const BatchToken> tokens,
                                                    std::span<KvCache* const> sequences,
                                                    const std::stop_token& stop) {
  const ModelConfig& c = model_.config;
  const std::size_t n = tokens.size();
  assert(n > 0 && n <= options_.max_batch);

  std::vector<std::uint32_t> lengths;  // To return to on a failure.
  for (const KvCache* cache : sequences) lengths.push_back(cache->length());
  std::vector<std::uint32_t> added(sequences.size(), 0);
  positions_.resize(n);
  for (std::size_t t = 0; t < n; ++t) {
    const std::uint32_t s = tokens[t].sequence;
    positions_[t] = lengths[s] + added[s]++;
  }
  for (std::size_t s = 0; s < sequences.size(); ++s) sequences[s]->advance(added[s]);
  const auto take_back = [&] {
    for (std::size_t s = 0; s < sequences.size(); ++s) sequences[s]->truncate(lengths[s]);
  };

  embed(tokens);
  for (std::uint32_t l = 0; l < c.layers; ++l) {
    if (stop.stop_requested()) {
      take_back();
      return make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다");
    }
    attend(l, tokens, sequences);
    feed_forward(model_.layers[l], n);
    double sum = 0;
    for (const float v : x_) sum += std::fabs(v);
    if (!std::isfinite(sum)) {
      take_back();
      return make_error(
          ErrorCode::kDamaged,
          "Layer {} of {} computed a value that is not a number: the model file is "
          "damaged. Run `saseo models check`, or download it again.",
          "{1}의 {0}번 층에서 숫자가 아닌 값이 나왔습니다. 모델 파일이 손상되었습니다. "
          "`saseo models check`로 확인하거나 다시 내려받으세요.",
          l, model_.name);
    }
  }

  // Only the wanted rows go through the vocabulary, the widest product of all.
  std::size_t wanted = 0;
  for (std::size_t t = 0; t < n; ++t) {
    if (!tokens[t].wants_logits) continue;
    rms_norm(&x_[t * c.d], model_.output_norm, c.rms_epsilon, &normed_[wanted++ * c.d]);
  }
  logits_.resize(wanted * c.vocab);
  if (wanted == 0) return std::span<const float>(logits_);
  activations_.set(std::span(normed_).first(wanted * c.d), c.d, options_.arithmetic, pool_, true);
  multiply(model_.output, activations_, logits_, pool_);
  if (c.logit_softcap > 0) {
    pool_.for_each(wanted, [&](std::size_t t, std::size_t) {
      matmul_kernels().soft_cap(&logits_[t * c.vocab], c.vocab, c.logit_softcap);
    });
  }
  return std::span<const float>(logits_);
}

void Transformer::embed(std::span<const BatchToken> tokens) {
  const ModelConfig& c = model_.config;
  x_.resize(tokens.size() * c.d);
  normed_.resize(tokens.size() * c.d);
  rope_local_.resize(tokens.size() * c.head_dim);
  rope_global_.resize(tokens.size() * c.head_dim);
  const float scale = std::sqrt(static_cast<float>(c.d));
  pool_.for_each(tokens.size(), [&](std::size_t t, std::size_t) {
    const std::span<float> row(&x_[t * c.d], c.d);
    dequantize_row(model_.embedding, static_cast<std::size_t>(tokens[t].token), row);
    for (float& value : row) value *= scale;
    set_angles(&rope_local_[t * c.head_dim], positions_[t], c.rope_base_local, 1.0f, c.head_dim);
    set_angles(&rope_global_[t * c.head_dim], positions_[t], c.rope_base_global,
               c.rope_scale_global, c.head_dim);
  });
}

void Transformer::multiply_rows(const WeightMatrix& w, std::span<const float> x,
                                std::vector<float>& y, std::size_t tokens, bool fine) {
  activations_.set(x, w.cols, options_.arithmetic, pool_, fine);
  y.resize(tokens * w.rows);
  multiply(w, activations_, y, pool_);
}

// x += post_norm(W_o attention(...)).
void Transformer::attend(std::uint32_t l, std::span<const BatchToken> tokens,
                         std::span<KvCache* const> sequences) {
  const ModelConfig& c = model_.config;
  const LayerWeights& layer = model_.layers[l];
  const std::size_t n = tokens.size();
  pool_.for_each(n, [&](std::size_t t, std::size_t) {
    rms_norm(&x_[t * c.d], layer.attention_norm, c.rms_epsilon, &normed_[t * c.d]);
  });
  activations_.set(normed_, c.d, options_.arithmetic, pool_);
  q_.resize(n * c.q_dim());
  k_.resize(n * c.kv_dim());
  v_.resize(n * c.kv_dim());
  multiply(layer.q, activations_, q_, pool_);
  multiply(layer.k, activations_, k_, pool_);
  multiply(layer.v, activations_, v_, pool_);

  const std::vector<float>& rope = c.is_local(l) ? rope_local_ : rope_global_;
  pool_.for_each(n, [&](std::size_t t, std::size_t) {
    const float* angles = &rope[t * c.head_dim];
    for (std::uint32_t h = 0; h < c.heads; ++h) {
      float* q = &q_[t * c.q_dim() + static_cast<std::size_t>(h) * c.head_dim];
      if (!layer.q_norm.empty()) rms_norm(q, layer.q_norm, c.rms_epsilon, q);
      rotate(q, angles, c.head_dim);
      for (std::uint32_t i = 0; i < c.head_dim; ++i) q[i] *= c.query_scale;
    }
    for (std::uint32_t h = 0; h < c.kv_heads; ++h) {
      float* k = &k_[t * c.kv_dim() + static_cast<std::size_t>(h) * c.head_dim];
      if (!layer.k_norm.empty()) rms_norm(k, layer.k_norm, c.rms_epsilon, k);
      rotate(k, angles, c.head_dim);
    }
    sequences[tokens[t].sequence]->store(l, positions_[t], &k_[t * c.kv_dim()],
                                         &v_[t * c.kv_dim()]);
  });

  mixed_.resize(n * c.q_dim());
  const std::uint32_t group = c.heads / c.kv_heads;
  const SaseoMatmulKernels& kernels = matmul_kernels();
  pool_.for_each(n * c.heads, [&](std::size_t index, std::size_t thread) {
    const std::size_t t = index / c.heads;
    const auto h = static_cast<std::uint32_t>(index % c.heads);
    const KvCache& cache = *sequences[tokens[t].sequence];
    const std::uint32_t end = positions_[t] + 1;
    const std::uint32_t first = c.is_local(l) && end > c.window ? end - c.window : 0;
    std::vector<float>& room = scores_[thread];
    if (room.size() < end - first) room.resize(std::max<std::size_t>(end - first, 1024));
    const std::span<float> scores = std::span(room).first(end - first);
    const std::size_t head = t * c.q_dim() + static_cast<std::size_t>(h) * c.head_dim;
    cache.scores(l, h / group, &q_[head], first, end, scores.data());
    if (c.attention_softcap > 0) {
      kernels.soft_cap(scores.data(), scores.size(), c.attention_softcap);
    }
    kernels.softmax(scores.data(), scores.size());
    cache.mix(l, h / group, scores.data(), first, end, &mixed_[head]);
  });

  multiply_rows(layer.attention_output, mixed_, branch_, n, true);
  pool_.for_each(n, [&](std::size_t t, std::size_t) {
    float* added = &branch_[t * c.d];
    if (!layer.post_attention_norm.empty()) {
      rms_norm(added, layer.post_attention_norm, c.rms_epsilon, added);
    }
    for (std::uint32_t i = 0; i < c.d; ++i) x_[t * c.d + i] += added[i];
  });
}

// x += post_norm(W_down (gelu(W_gate norm(x)) * W_up norm(x))).
void Transformer::feed_forward(const LayerWeights& layer, std::size_t n) {
  const ModelConfig& c = model_.config;
  pool_.for_each(n, [&](std::size_t t, std::size_t) {
    rms_norm(&x_[t * c.d], layer.ffn_norm, c.rms_epsilon, &normed_[t * c.d]);
  });
  activations_.set(normed_, c.d, options_.arithmetic, pool_);
  gate_.resize(n * c.ff);
  up_.resize(n * c.ff);
  multiply(layer.gate, activations_, gate_, pool_);
  multiply(layer.up, activations_, up_, pool_);
  pool_.for_each(n, [&](std::size_t t, std::size_t) {
    matmul_kernels().gelu_times(&gate_[t * c.ff], &up_[t * c.ff], c.ff);
  });
  multiply_rows(layer.down, gate_, branch_, n, true);
  pool_.for_each(n, [&](std::size_t t, std::size_t) {
    float* added = &branch_[t * c.d];
    if (!layer.post_ffn_norm.empty()) {
      rms_norm(added, layer.post_ffn_norm, c.rms_epsilon, added);
    }
    for (std::uint32_t i = 0; i < c.d; ++i) x_[t * c.d + i] += added[i];
  });
}

}  // namespace saseo
