// What running a model takes, and whether it fits: decided before anything large is touched.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/byte_sizes.h"
#include "base/result.h"
#include "engine/forward/kv_cache.h"
#include "engine/forward/transformer.h"
#include "engine/model/model.h"

namespace saseo {

// Bytes.
struct MemoryNeed {
  std::uint64_t weights = 0;  // The mapped files.
  std::uint64_t cache = 0;    // Keys and values of a full context.
  std::uint64_t scratch = 0;  // Activations and logits.
  std::uint64_t total() const { return weights + cache + scratch; }
};

MemoryNeed memory_need(const Model& model, const KvCacheOptions& cache,
                       const TransformerOptions& transformer);

// What this process may still take: the machine's available memory, or what is left of its control
// group's limit where that is less. 0 when the system does not tell.
std::uint64_t available_memory();

// Fails when the need exceeds `limit` (0: available_memory()): the error names the parts and
// advises what would fit: a smaller context, 8-bit keys and values, or another file. `beside`: working memory
// that the caller takes besides, such as a second session's.
Status check_memory(const Model& model, const KvCacheOptions& cache,
                    const TransformerOptions& transformer, std::uint64_t limit = 0,
                    std::uint64_t beside = 0);

}  // namespace saseo
