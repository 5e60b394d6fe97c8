#include "engine/forward/kv_cache_io.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

namespace saseo {
namespace {

// Of one position and head.
std::size_t row_bytes_of(const ModelConfig& config, KvType type, KvPart part) {
  if (part == KvPart::kKeyScales || part == KvPart::kValueScales)
    return config.head_dim / kKvScaleGroup * sizeof(float);
  switch (type) {
    case KvType::kF32:
      return config.head_dim * std::size_t{4};
    case KvType::kF16:
      return config.head_dim * std::size_t{2};
    case KvType::kQ8_0:
      return config.head_dim;
  }
  return 0;
}

}  // namespace

std::span<const KvPart> kv_parts(KvType type) {
  static constexpr std::array kPlain = {KvPart::kKeys, KvPart::kValues};
  static constexpr std::array kScaled = {KvPart::kKeys, KvPart::kKeyScales, KvPart::kValues,
                                         KvPart::kValueScales};
  if (type == KvType::kQ8_0) return kScaled;
  return kPlain;
}

std::uint64_t KvCache::bytes_written() const {
  std::uint64_t bytes = 0;
  for (std::uint32_t layer = 0; layer < config_.layers; ++layer) {
    for (const KvPart part : kv_parts(type_))
      bytes += std::min<std::uint64_t>(touched_, slots_[layer]) * config_.kv_heads *
               row_bytes_of(config_, type_, part);
  }
  return bytes;
}

std::uint32_t KvCache::held_from(std::uint32_t layer) const {
  if (!config_.is_local(layer)) return 0;
  return std::max(local_first_, furthest_ > slots_[layer] ? furthest_ - slots_[layer] : 0);
}

std::vector<std::span<std::byte>> KvCache::stretches(std::uint32_t layer, KvPart part,
                                                     std::uint32_t kv_head, std::uint32_t first,
                                                     std::uint32_t end) {
  assert(first <= end && end - first <= slots_[layer]);
  const bool of_keys = part == KvPart::kKeys || part == KvPart::kKeyScales;
  const bool of_scales = part == KvPart::kKeyScales || part == KvPart::kValueScales;
  Store& store = of_keys ? keys_[layer] : values_[layer];
  std::byte* memory = of_scales ? store.scales.get() : store.elements.get();
  const std::size_t row = row_bytes_of(config_, type_, part);
  std::vector<std::span<std::byte>> found;
  while (first < end) {
    const std::uint32_t count = std::min(end - first, slots_[layer] - first % slots_[layer]);
    found.push_back({memory + row_of(layer, kv_head, first) * row, count * row});
    first += count;
  }
  return found;
}

void KvCache::adopt(std::uint32_t length, std::uint32_t local_first) {
  assert(length_ == 0 && length <= context_ && local_first <= length);
  length_ = furthest_ = length;
  touched_ = std::max(touched_, length);
  local_first_ = local_first;
}

std::optional<std::uint32_t> local_first_of(const KvCache& cache, std::uint32_t length) {
  if (length == 0 || !cache.can_truncate(length - 1)) return std::nullopt;
  std::uint32_t first = 0;
  for (std::uint32_t layer = 0; layer < cache.config().layers; ++layer)
    first = std::max(first, cache.held_from(layer));
  return first;
}

bool can_adopt(const KvCache& cache, std::uint32_t length, std::uint32_t local_first,
               std::uint32_t shortened) {
  const ModelConfig& config = cache.config();
  if (length > cache.context() || shortened > length) return false;
  const std::uint32_t needed = shortened + 1 > config.window ? shortened + 1 - config.window : 0;
  for (std::uint32_t layer = 0; layer < config.layers; ++layer) {
    const std::uint32_t room = cache.slots(layer);
    if (config.is_local(layer) && needed < std::max(local_first, length > room ? length - room : 0))
      return false;
  }
  return true;
}

std::uint64_t beginning_bytes(const ModelConfig& config, KvType type, std::uint32_t length,
                              std::uint32_t local_first) {
  std::uint64_t bytes = 0;
  for (std::uint32_t layer = 0; layer < config.layers; ++layer) {
    const std::uint64_t rows = length - (config.is_local(layer) ? local_first : 0);
    for (const KvPart part : kv_parts(type))
      bytes += rows * config.kv_heads * row_bytes_of(config, type, part);
  }
  return bytes;
}

bool visit_beginning(KvCache& cache, std::uint32_t length, std::uint32_t local_first,
                     const std::function<bool(std::span<std::byte>)>& visit) {
  assert(length <= cache.length() && local_first <= length);
  const ModelConfig& config = cache.config();
  for (std::uint32_t layer = 0; layer < config.layers; ++layer) {
    const std::uint32_t first = config.is_local(layer) ? local_first : 0;
    for (const KvPart part : kv_parts(cache.type())) {
      for (std::uint32_t head = 0; head < config.kv_heads; ++head) {
        for (std::uint32_t at = first; at < length; at += cache.slots(layer)) {
          const std::uint32_t end = std::min(length, at + cache.slots(layer));
          for (const std::span<std::byte> bytes : cache.stretches(layer, part, head, at, end))
            if (!visit(bytes)) return false;
        }
      }
    }
  }
  return true;
}

std::vector<std::byte> bytes_at(KvCache& cache, std::uint32_t position) {
  std::vector<std::byte> all;
  for (std::uint32_t layer = 0; layer < cache.config().layers; ++layer) {
    for (const KvPart part : kv_parts(cache.type())) {
      for (std::uint32_t head = 0; head < cache.config().kv_heads; ++head) {
        for (const auto bytes : cache.stretches(layer, part, head, position, position + 1))
          all.insert(all.end(), bytes.begin(), bytes.end());
      }
    }
  }
  return all;
}

bool copy_beginning(KvCache& from, KvCache& to, std::uint32_t length) {
  assert(from.type() == to.type() && to.length() == 0);
  const std::optional<std::uint32_t> local_first = local_first_of(from, length);
  if (!local_first || length > to.context()) return false;
  to.adopt(length, *local_first);
  const ModelConfig& config = from.config();
  for (std::uint32_t layer = 0; layer < config.layers; ++layer) {
    // A ring takes what it has room for.
    const std::uint32_t room = to.slots(layer);
    const std::uint32_t first =
        std::max(config.is_local(layer) ? *local_first : 0, length > room ? length - room : 0);
    for (const KvPart part : kv_parts(from.type())) {
      for (std::uint32_t head = 0; head < config.kv_heads; ++head) {
        // One position at a time would do; whole stretches are what costs nothing.
        auto source = from.stretches(layer, part, head, first, length);
        auto target = to.stretches(layer, part, head, first, length);
        for (std::size_t s = 0, t = 0; s < source.size() && t < target.size();) {
          const std::size_t count = std::min(source[s].size(), target[t].size());
          std::memcpy(target[t].data(), source[s].data(), count);
          source[s] = source[s].subspan(count);
          target[t] = target[t].subspan(count);
          if (source[s].empty()) ++s;
          if (target[t].empty()) ++t;
        }
      }
    }
  }
  return true;
}

}  // namespace saseo
