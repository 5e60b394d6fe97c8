// A sequence's beginning as bytes: copied into another cache, or written to and read from a file.
//
// A beginning of `length` positions is, layer by layer, part by part (KvPart) and head by head, the
// rows of its positions in order. Layers with a window may have them from `local_first` on only:
// what comes before is needed by no later token, but then the beginning cannot be shortened.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "engine/forward/kv_cache.h"

namespace saseo {

// The first position of layers with a window that a cache has of its first `length` ones; less than
// all in a ring. nullopt: it no longer has what computing position length - 1 again takes.
std::optional<std::uint32_t> local_first_of(const KvCache& cache, std::uint32_t length);

// Whether a cache of this form that takes such a beginning can then be shortened to
// `shortened` positions.
bool can_adopt(const KvCache& cache, std::uint32_t length, std::uint32_t local_first,
               std::uint32_t shortened);

// Bytes of such a beginning.
std::uint64_t beginning_bytes(const ModelConfig& config, KvType type, std::uint32_t length,
                              std::uint32_t local_first);

// Calls `visit` with every stretch of bytes in the order above, until it returns false; gives what
// the last call did. The cache has the positions (length() >= length), or adopt()ed them.
// Forms differ: a ring that is too short for all of local_first.. is visited in turns that overlap
// in memory, so that reading into it in this order leaves the last positions there; writing from it
// takes local_first_of().
bool visit_beginning(KvCache& cache, std::uint32_t length, std::uint32_t local_first,
                     const std::function<bool(std::span<std::byte>)>& visit);

// A copy of all that the cache has of one position that it holds in every layer.
std::vector<std::byte> bytes_at(KvCache& cache, std::uint32_t position);

// Makes `to`, which is empty and of the same model and type, begin as `from` does. False, and `to`
// stays empty: a ring has forgotten too much, or `to` is shorter.
bool copy_beginning(KvCache& from, KvCache& to, std::uint32_t length);

}  // namespace saseo
