#include "engine/forward/kv_cache.h"

#include <sys/mman.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <new>

#include "engine/kernels/halves.h"
#include "engine/kernels/matmul.h"

namespace saseo {
namespace {

std::uint32_t slots_of(const ModelConfig& config, const KvCacheOptions& options,
                       std::uint32_t layer) {
  const std::uint32_t context = options.context != 0 ? options.context : config.context;
  if (!options.ring || !config.is_local(layer)) return context;
  return std::min(context, config.window + options.slack);
}

std::size_t element_bytes(KvType type) {
  switch (type) {
    case KvType::kF32:
      return 4;
    case KvType::kF16:
      return 2;
    case KvType::kQ8_0:
      return 1;
  }
  return 0;
}

void quantize_32(const float* x, std::int8_t* codes, float* scale) {
  float largest = 0;
  for (std::uint32_t i = 0; i < kKvScaleGroup; ++i) largest = std::max(largest, std::fabs(x[i]));
  *scale = largest / 127.0f;
  const float inverse = largest > 0 ? 127.0f / largest : 0.0f;
  for (std::uint32_t i = 0; i < kKvScaleGroup; ++i) {
    codes[i] = static_cast<std::int8_t>(std::nearbyint(x[i] * inverse));
  }
}

}  // namespace

std::uint64_t kv_cache_bytes(const ModelConfig& config, const KvCacheOptions& options) {
  std::uint64_t positions = 0;
  for (std::uint32_t layer = 0; layer < config.layers; ++layer) {
    positions += slots_of(config, options, layer);
  }
  const std::uint64_t elements = 2 * positions * config.kv_dim();
  const std::uint64_t scales = options.type == KvType::kQ8_0 ? elements / kKvScaleGroup * 4 : 0;
  return elements * element_bytes(options.type) + scales;
}

// Untouched zero pages, so that an unused context costs nothing, and given back to the system at
// once, which malloc() does not promise.
KvCache::Memory KvCache::zero_pages(std::size_t bytes) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return Memory(static_cast<std::byte*>(memory), UnmapMemory{bytes});
}

void UnmapMemory::operator()(std::byte* memory) const { ::munmap(memory, bytes); }

KvCache::KvCache(const ModelConfig& config, const KvCacheOptions& options)
    : config_(config),
      type_(options.type),
      context_(options.context != 0 ? options.context : config.context),
      slack_(options.ring ? options.slack : context_) {
  assert(config.head_dim % kKvScaleGroup == 0 && slack_ > 0);
  for (std::uint32_t layer = 0; layer < config.layers; ++layer) {
    slots_.push_back(slots_of(config, options, layer));
    keys_.push_back(make_store(slots_.back()));
    values_.push_back(make_store(slots_.back()));
  }
}

KvCache::Store KvCache::make_store(std::uint32_t slots) const {
  const std::size_t elements = static_cast<std::size_t>(slots) * config_.kv_dim();
  Store store;
  store.elements = zero_pages(elements * element_bytes(type_));
  if (type_ == KvType::kQ8_0) store.scales = zero_pages(elements / kKvScaleGroup * sizeof(float));
  return store;
}

bool KvCache::can_truncate(std::uint32_t length) const {
  if (length > length_) return false;
  const std::uint32_t oldest_needed = length + 1 > config_.window ? length + 1 - config_.window : 0;
  for (std::uint32_t layer = 0; layer < config_.layers; ++layer) {
    if (config_.is_local(layer) && oldest_needed < held_from(layer)) return false;
  }
  return true;
}

void KvCache::truncate(std::uint32_t length) {
  assert(can_truncate(length));
  length_ = length;
}

void KvCache::clear() { length_ = furthest_ = local_first_ = 0; }

void KvCache::advance(std::uint32_t tokens) {
  assert(tokens <= slack_ && length_ + tokens <= context_);
  length_ += tokens;
  furthest_ = std::max(furthest_, length_);
  touched_ = std::max(touched_, length_);
}

void KvCache::write(Store& store, std::size_t row, const float* vector) const {
  const std::size_t dim = config_.head_dim;
  switch (type_) {
    case KvType::kF32:
      std::memcpy(store.elements.get() + row * dim * 4, vector, dim * 4);
      return;
    case KvType::kF16:
      halves_of_floats(vector, dim,
                       reinterpret_cast<std::uint16_t*>(store.elements.get()) + row * dim);
      return;
    case KvType::kQ8_0: {
      auto* codes = reinterpret_cast<std::int8_t*>(store.elements.get()) + row * dim;
      auto* scales = reinterpret_cast<float*>(store.scales.get()) + row * dim / kKvScaleGroup;
      for (std::size_t i = 0; i < dim; i += kKvScaleGroup) {
        quantize_32(vector + i, codes + i, scales + i / kKvScaleGroup);
      }
      return;
    }
  }
}

void KvCache::store(std::uint32_t layer, std::uint32_t position, const float* key,
                    const float* value) {
  assert(position < length_);
  for (std::uint32_t head = 0; head < config_.kv_heads; ++head) {
    const std::size_t row = row_of(layer, head, position);
    write(keys_[layer], row, key + static_cast<std::size_t>(head) * config_.head_dim);
    write(values_[layer], row, value + static_cast<std::size_t>(head) * config_.head_dim);
  }
}

void KvCache::attend(std::uint32_t layer, std::uint32_t kv_head, float soft_cap,
                     std::span<SaseoAttentionQuery> queries) const {
  const std::size_t row = row_of(layer, kv_head, 0) * config_.head_dim;
  const auto elements = [&](const Store& store) {
    return store.elements.get() + row * element_bytes(type_);
  };
  const auto scales = [&](const Store& store) {
    return type_ == KvType::kQ8_0
               ? reinterpret_cast<const float*>(store.scales.get()) + row / kKvScaleGroup
               : nullptr;
  };
  const SaseoAttention attention = {
      .form = type_ == KvType::kF32   ? kSaseoKvF32
              : type_ == KvType::kF16 ? kSaseoKvF16
                                      : kSaseoKvBytes,
      .keys = elements(keys_[layer]),
      .values = elements(values_[layer]),
      .key_scales = scales(keys_[layer]),
      .value_scales = scales(values_[layer]),
      .slots = slots_[layer],
      .dim = config_.head_dim,
      .soft_cap = soft_cap,
  };
  matmul_kernels().attend(&attention, queries.data(), queries.size());
}

}  // namespace saseo
