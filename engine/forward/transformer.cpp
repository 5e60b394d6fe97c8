// One layer, for the residual stream x (d) of every token:
//
//   attention_block:     q, k, v = W_q norm(x), W_k norm(x), W_v norm(x)
//                        q, k    = rope(norm_q(q)) query_scale, rope(norm_k(k))
//                        x      += post_norm( W_o attention(q, every k, every v) )
//
//   feed_forward_block:  x      += post_norm( W_down ( gelu(W_gate norm(x)) * W_up norm(x) ) )
//
// Before the first x = embedding(token) sqrt(d); after the last logits = W_vocab norm(x). norm is RMS
// normalisation times a weight; Gemma 1 has no post norms, only Gemma 3 has norm_q and norm_k.
// Sources: the Gemma (2024), Gemma 2 (2024) and Gemma 3 (2025) reports; RoPE: Su et al. 2021, in the
// form that pairs element i with i + head_dim / 2.
#include "engine/forward/transformer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "base/message.h"
#include "engine/kernels/matmul.h"
#include "engine/model/dequantize.h"

namespace saseo {
namespace {

constexpr std::size_t kAttentionQueries = 32;  // Of a head, that share a pass over its cache.

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
  // Codes; per 16 columns scale, shift and sum, and another sum per 32.
  const std::uint64_t quantised = widest + 12 * widest / 16 + 4 * widest / 32;
  return options.max_batch * (4 * floats + quantised) + 4ull * options.max_logits * config.vocab;
}

Transformer::Transformer(const Model& model, ThreadPool& pool, const TransformerOptions& options)
    : model_(model), pool_(pool), options_(options) {}

Result<std::span<const float>> Transformer::forward(std::span<const BatchToken> tokens,
                                                    std::span<KvCache* const> sequences,
                                                    const std::stop_token& stop) {
  assert(!tokens.empty() && tokens.size() <= options_.max_batch);
  std::vector<std::uint32_t> lengths;  // To return to on a failure.
  for (const KvCache* cache : sequences) lengths.push_back(cache->length());
  const auto take_back = [&] {
    for (std::size_t s = 0; s < sequences.size(); ++s) sequences[s]->truncate(lengths[s]);
  };

  take_positions(tokens, sequences);
  embed(tokens);
  for (std::uint32_t l = 0; l < model_.config.layers; ++l) {
    if (stop.stop_requested()) {
      take_back();
      return make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다");
    }
    attention_block(l, tokens, sequences);
    feed_forward_block(model_.layers[l], tokens.size());
    if (!is_finite()) {
      take_back();
      return make_error(
                 ErrorCode::kDamaged,
                 "Layer {} of {} computed a value that is not a number: the model file is damaged. "
                 "Downloaded again, it may be whole.",
                 "{1}의 {0}번 층에서 숫자가 아닌 값이 나왔습니다. 모델 파일이 손상되었습니다. 다시 "
                 "내려받으면 온전할 수 있습니다.",
                 l, model_.name)
          .advise(AdviceKind::kCheckModel);
    }
  }
  compute_logits(tokens);
  return std::span<const float>(logits_);
}

// positions_ = behind what each sequence holds, which is made longer.
void Transformer::take_positions(std::span<const BatchToken> tokens,
                                 std::span<KvCache* const> sequences) {
  std::vector<std::uint32_t> added(sequences.size(), 0);
  positions_.resize(tokens.size());
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    const std::uint32_t s = tokens[t].sequence;
    positions_[t] = sequences[s]->length() + added[s]++;
  }
  for (std::size_t s = 0; s < sequences.size(); ++s) sequences[s]->advance(added[s]);
}

// x_ = embedding(token) sqrt(d); rope_local_ and rope_global_ = the angles of the positions.
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

void Transformer::attention_block(std::uint32_t l, std::span<const BatchToken> tokens,
                                  std::span<KvCache* const> sequences) {
  const LayerWeights& layer = model_.layers[l];
  normalize(layer.attention_norm, tokens.size());
  multiply_qkv(layer, tokens.size());
  place_heads(l, tokens, sequences);
  attend(l, tokens, sequences);
  // Not normalised: few numbers are far larger than the others.
  activations_.set(mixed_, model_.config.q_dim(), options_.arithmetic, pool_, /*fine=*/true);
  add_branch(layer.attention_output, layer.post_attention_norm, tokens.size());
}

void Transformer::feed_forward_block(const LayerWeights& layer, std::size_t n) {
  normalize(layer.ffn_norm, n);
  multiply_gate_and_up(layer, n);
  gate_with_gelu();
  add_branch(layer.down, layer.post_ffn_norm, n);
}

// q_, k_, v_ = W_q y, W_k y, W_v y, of the activations y.
void Transformer::multiply_qkv(const LayerWeights& layer, std::size_t n) {
  const ModelConfig& c = model_.config;
  q_.resize(n * c.q_dim());
  k_.resize(n * c.kv_dim());
  v_.resize(n * c.kv_dim());
  multiply(std::array<Product, 3>{{{&layer.q, q_}, {&layer.k, k_}, {&layer.v, v_}}}, activations_,
           pool_);
}

// q_, k_ = rope(norm_q(q_)) query_scale, rope(norm_k(k_)); k_ and v_ go into the caches.
void Transformer::place_heads(std::uint32_t l, std::span<const BatchToken> tokens,
                              std::span<KvCache* const> sequences) {
  const ModelConfig& c = model_.config;
  const LayerWeights& layer = model_.layers[l];
  const AlignedVector<float>& rope = c.is_local(l) ? rope_local_ : rope_global_;
  pool_.for_each(tokens.size(), [&](std::size_t t, std::size_t) {
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
}

// mixed_ = attention(q_, every k, every v): of each head its query's mixture of the values.
void Transformer::attend(std::uint32_t l, std::span<const BatchToken> tokens,
                         std::span<KvCache* const> sequences) {
  const ModelConfig& c = model_.config;
  mixed_.resize(tokens.size() * c.q_dim());
  const std::size_t group = c.heads / c.kv_heads;
  // Neighbours of one sequence share what is read of its cache.
  struct Run {
    std::size_t first, count;
  };
  const std::size_t max_run = std::max<std::size_t>(1, kAttentionQueries / group);
  std::vector<Run> runs;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    if (t > 0 && tokens[t].sequence == tokens[t - 1].sequence && runs.back().count < max_run) {
      ++runs.back().count;
    } else {
      runs.push_back({t, 1});
    }
  }
  // The last tokens look back furthest: they come first, so that no thread ends long after others.
  pool_.for_each(runs.size() * c.kv_heads, [&](std::size_t index, std::size_t) {
    const Run& run = runs[runs.size() - 1 - index / c.kv_heads];
    const auto kv_head = static_cast<std::uint32_t>(index % c.kv_heads);
    std::vector<SaseoAttentionQuery> queries;
    queries.reserve(run.count * group);
    for (std::size_t t = run.first; t < run.first + run.count; ++t) {
      const std::size_t end = positions_[t] + 1;
      const std::size_t first = c.is_local(l) && end > c.window ? end - c.window : 0;
      for (std::size_t h = kv_head * group; h < (kv_head + 1) * group; ++h) {
        const std::size_t at = t * c.q_dim() + h * c.head_dim;
        queries.push_back({&q_[at], &mixed_[at], first, end, 0, 0});
      }
    }
    sequences[tokens[run.first].sequence]->attend(l, kv_head, c.attention_softcap, queries);
  });
}

// normed_ = norm(x_), and its rounded form.
void Transformer::normalize(std::span<const float> weight, std::size_t n) {
  const ModelConfig& c = model_.config;
  activations_.resize(std::span(normed_).first(n * c.d), c.d, options_.arithmetic);
  activations_.make(pool_, /*whole_rows=*/true, [&](std::size_t t, std::size_t, std::size_t) {
    rms_norm(&x_[t * c.d], weight, c.rms_epsilon, &normed_[t * c.d]);
  });
}

// x_ += norm(w y), or w y where there is no norm, of the activations y; sizes_ = the sums of |x_|,
// token by token.
void Transformer::add_branch(const WeightMatrix& w, std::span<const float> norm, std::size_t n) {
  const ModelConfig& c = model_.config;
  branch_.resize(n * c.d);
  sizes_.resize(n);
  multiply(w, activations_, branch_, pool_);
  pool_.for_each(n, [&](std::size_t t, std::size_t) {
    float* added = &branch_[t * c.d];
    if (!norm.empty()) rms_norm(added, norm, c.rms_epsilon, added);
    sizes_[t] = matmul_kernels().add_row(&x_[t * c.d], added, c.d);
  });
}

// gate_, up_ = W_gate y, W_up y, of the activations y.
void Transformer::multiply_gate_and_up(const LayerWeights& layer, std::size_t n) {
  gate_.resize(n * model_.config.ff);
  up_.resize(n * model_.config.ff);
  multiply(std::array<Product, 2>{{{&layer.gate, gate_}, {&layer.up, up_}}}, activations_, pool_);
}

// gate_ = gelu(gate_) * up_, and its rounded form.
void Transformer::gate_with_gelu() {
  const ModelConfig& c = model_.config;
  activations_.resize(gate_, c.ff, options_.arithmetic, /*fine=*/true);
  activations_.make(pool_, /*whole_rows=*/false,
                    [&](std::size_t t, std::size_t first, std::size_t count) {
                      const std::size_t at = t * c.ff + first;
                      matmul_kernels().gelu_times(&gate_[at], &up_[at], count);
                    });
}

bool Transformer::is_finite() const {
  float sum = 0;
  for (const float size : sizes_) sum += size;
  return std::isfinite(sum);
}

// logits_ = W_vocab norm(x_), capped, of the tokens that want them: the widest product of all.
void Transformer::compute_logits(std::span<const BatchToken> tokens) {
  const ModelConfig& c = model_.config;
  std::size_t wanted = 0;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    if (!tokens[t].wants_logits) continue;
    rms_norm(&x_[t * c.d], model_.output_norm, c.rms_epsilon, &normed_[wanted++ * c.d]);
  }
  logits_.resize(wanted * c.vocab);
  if (wanted == 0) return;
  activations_.set(std::span(normed_).first(wanted * c.d), c.d, options_.arithmetic, pool_, true);
  multiply(model_.output, activations_, logits_, pool_);
  if (!(c.logit_softcap > 0)) return;
  pool_.for_each(wanted, [&](std::size_t t, std::size_t) {
    matmul_kernels().soft_cap(&logits_[t * c.vocab], c.vocab, c.logit_softcap);
  });
}

}  // namespace saseo
