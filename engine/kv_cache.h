// The keys and values of the positions that a sequence has seen, per layer.
//
// A local layer needs its last `window` positions only: in the ring form it keeps that many and
// `slack` more, so that a batch can be written before it is read and a few positions can be taken
// back. In the flat form every layer keeps every position and any prefix can be returned to.
// Keys are stored after normalisation and rotation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/kernels/kernel_table.h"
#include "engine/model_config.h"

namespace saseo {

enum class KvType {
  kF32,   // The reference.
  kF16,   // The default.
  kQ8_0,  // Signed bytes with a float32 scale per 32 elements: a little over half of f16.
};

struct KvCacheOptions {
  std::uint32_t context = 0;  // Positions at most; 0 takes the model's own.
  KvType type = KvType::kF16;
  bool ring = true;           // false: flat.
  std::uint32_t slack = 512;  // Positions beyond the window that a ring keeps; >= a batch.
};

// Bytes that a cache of this form takes.
std::uint64_t kv_cache_bytes(const ModelConfig& config, const KvCacheOptions& options);

// One sequence. Thread-compatible. Memory is taken from the system as positions are written.
class KvCache {
 public:
  KvCache(const ModelConfig& config, const KvCacheOptions& options);

  std::uint32_t length() const { return length_; }    // Positions held, from 0.
  std::uint32_t context() const { return context_; }  // Most positions.
  // Whether the sequence can be shortened to `length` positions: rings forget.
  bool can_truncate(std::uint32_t length) const;
  // Forgets the positions from `length` on; can_truncate(length) must hold.
  void truncate(std::uint32_t length);

  // What the forward pass does. advance() makes room for `tokens` more positions, which store()
  // then fills layer by layer; keys and values: (kv_heads, head_dim).
  std::uint32_t largest_batch() const;
  void advance(std::uint32_t tokens);
  void store(std::uint32_t layer, std::uint32_t position, const float* key, const float* value);

  // Attention of queries (head_dim each) to one head of a layer: query i looks at the positions
  // first <= p < end that it names. A query's result does not depend on the others.
  void attend(std::uint32_t layer, std::uint32_t kv_head, float soft_cap,
              std::span<SaseoAttentionQuery> queries) const;

 private:
  // (kv_heads, slots, head_dim) of one of the types, zero pages until written.
  struct Store {
    std::unique_ptr<std::byte, void (*)(void*)> elements{nullptr, nullptr};
    std::unique_ptr<std::byte, void (*)(void*)> scales{nullptr, nullptr};  // float per 32 elements
  };
  Store make_store(std::uint32_t slots) const;
  void write(Store& store, std::size_t row, const float* vector) const;
  // The row of a position and head in a layer's stores.
  std::size_t row_of(std::uint32_t layer, std::uint32_t kv_head, std::uint32_t position) const {
    return static_cast<std::size_t>(kv_head) * slots_[layer] + position % slots_[layer];
  }

  ModelConfig config_;
  KvType type_;
  std::uint32_t context_;
  std::uint32_t slack_;
  std::uint32_t length_ = 0;
  std::uint32_t furthest_ = 0;  // The largest length so far: rings hold what came just before it.
  std::vector<std::uint32_t> slots_;  // (layers)
  std::vector<Store> keys_, values_;  // (layers)
};

}  // namespace saseo
