// The shape of a model, and the glossary of dimension names that buffers' comments use:
//
//   layers      transformer blocks                d           width of the residual stream
//   ff          width of the feed-forward part    heads       query heads
//   kv_heads    key/value heads; heads / kv_heads query heads share one
//   head_dim    width of a head                   q_dim       heads * head_dim
//   kv_dim      kv_heads * head_dim               vocab       tokens
//   tokens      positions in one forward call     context     positions that a sequence may have
//   window      positions that a local layer sees, the current one included
//
// Source: the Gemma, Gemma 2 and Gemma 3 reports; names as in their reference implementations.
#pragma once

#include <cstdint>
#include <string_view>

namespace saseo {

enum class Architecture { kGemma, kGemma2, kGemma3 };

std::string_view architecture_name(Architecture architecture);  // "gemma2", as in GGUF files.

struct ModelConfig {
  Architecture architecture = Architecture::kGemma2;
  std::uint32_t layers = 0;
  std::uint32_t d = 0;
  std::uint32_t ff = 0;
  std::uint32_t heads = 0;
  std::uint32_t kv_heads = 0;
  std::uint32_t head_dim = 0;
  std::uint32_t vocab = 0;
  std::uint32_t context = 0;  // As trained.
  float rms_epsilon = 1e-6f;
  float query_scale = 0;  // Usually 1 / sqrt(head_dim); 27B models use another width.

  std::uint32_t window = 0;  // 0: every layer is global.
  // Of each `window_period` layers the last is global (gemma3: 6) or the odd ones are (gemma2: 2).
  std::uint32_t window_period = 1;

  float attention_softcap = 0;  // 0: none.
  float logit_softcap = 0;

  float rope_base_global = 10000.0f;
  float rope_base_local = 10000.0f;
  float rope_scale_global = 1.0f;  // Positions of global layers are divided by it (linear scaling).

  std::uint32_t q_dim() const { return heads * head_dim; }
  std::uint32_t kv_dim() const { return kv_heads * head_dim; }
  bool is_local(std::uint32_t layer) const {
    return window != 0 && (layer + 1) % window_period != 0;
  }
};

}  // namespace saseo
