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
#include "engine/model/model_config.h"

namespace saseo {

// Elements of a row that share a scale in KvType::kQ8_0.
inline constexpr std::uint32_t kKvScaleGroup = 32;

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

// Gives back what mmap() gave.
struct UnmapMemory {
  std::size_t bytes = 0;
  void operator()(std::byte* memory) const;
};

// What of a layer's keys and values lies together. Scales are q8_0's.
enum class KvPart { kKeys, kKeyScales, kValues, kValueScales };
std::span<const KvPart> kv_parts(KvType type);

// One sequence. Thread-compatible. Memory is taken from the system as positions are written.
class KvCache {
 public:
  KvCache() = default;  // Of no positions.
  KvCache(const ModelConfig& config, const KvCacheOptions& options);

  std::uint32_t length() const { return length_; }    // Positions held, from 0.
  std::uint32_t context() const { return context_; }  // Most positions.
  // Whether the sequence can be shortened to `length` positions: rings forget.
  bool can_truncate(std::uint32_t length) const;
  // Forgets the positions from `length` on; can_truncate(length) must hold.
  void truncate(std::uint32_t length);
  // Forgets all; what a ring has forgotten no longer matters.
  void clear();

  // What the forward pass does. advance() makes room for `tokens` more positions, which store()
  // then fills layer by layer; keys and values: (kv_heads, head_dim).
  void advance(std::uint32_t tokens);
  void store(std::uint32_t layer, std::uint32_t position, const float* key, const float* value);

  // Attention of queries (head_dim each) to one head of a layer: query i looks at the positions
  // first <= p < end that it names. A query's result does not depend on the others.
  void attend(std::uint32_t layer, std::uint32_t kv_head, float soft_cap,
              std::span<SaseoAttentionQuery> queries) const;

  // For copying and storing a beginning (kv_cache_io.h): the bytes themselves.
  KvType type() const { return type_; }
  const ModelConfig& config() const { return config_; }
  // Bytes that its positions have taken; truncate() and clear() give none back.
  std::uint64_t bytes_written() const;
  std::uint32_t slots(std::uint32_t layer) const { return slots_[layer]; }
  // The first position that a layer holds.
  std::uint32_t held_from(std::uint32_t layer) const;
  // Where [first, end) of a head lie, in this order; in a ring they may be two stretches. At most
  // slots(layer) positions. Valid while the cache lives.
  std::vector<std::span<std::byte>> stretches(std::uint32_t layer, KvPart part,
                                              std::uint32_t kv_head, std::uint32_t first,
                                              std::uint32_t end);
  // An empty cache takes on `length` positions, which the caller then writes into stretches(): of
  // layers with a window those from `local_first` on, of others all. length <= context().
  void adopt(std::uint32_t length, std::uint32_t local_first);

 private:
  using Memory = std::unique_ptr<std::byte, UnmapMemory>;
  static Memory zero_pages(std::size_t bytes);
  // (kv_heads, slots, head_dim) of one of the types, zero pages until written.
  struct Store {
    Memory elements;
    Memory scales;  // float per 32 elements
  };
  Store make_store(std::uint32_t slots) const;
  void write(Store& store, std::size_t row, const float* vector) const;
  // The row of a position and head in a layer's stores.
  std::size_t row_of(std::uint32_t layer, std::uint32_t kv_head, std::uint32_t position) const {
    return static_cast<std::size_t>(kv_head) * slots_[layer] + position % slots_[layer];
  }

  ModelConfig config_;
  KvType type_ = KvType::kF16;
  std::uint32_t context_ = 0;
  std::uint32_t slack_ = 0;
  std::uint32_t length_ = 0;
  std::uint32_t touched_ = 0;   // Positions whose memory was ever written.
  std::uint32_t furthest_ = 0;  // The largest length so far: rings hold what came just before it.
  std::uint32_t local_first_ = 0;     // Layers with a window never had those before it (adopt()).
  std::vector<std::uint32_t> slots_;  // (layers)
  std::vector<Store> keys_, values_;  // (layers)
};

}  // namespace saseo
