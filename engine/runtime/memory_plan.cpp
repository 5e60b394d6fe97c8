#include "engine/runtime/memory_plan.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "base/message.h"

namespace saseo {
namespace {

constexpr std::uint32_t kMinContext = 512;  // Below it no passage fits beside a question.

// The first number after `key` in a file of "Key:  123 kB" lines.
std::optional<std::uint64_t> number_after(const char* path, std::string_view key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    std::istringstream rest(line.substr(key.size()));
    if (std::uint64_t value = 0; rest >> value) return value;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> number_in(const char* path) {
  std::ifstream file(path);
  if (std::uint64_t value = 0; file >> value) return value;  // "max" does not parse: no limit.
  return std::nullopt;
}

// The largest context, in steps of 256, that fits; 0 when none does.
std::uint32_t largest_context(const Model& model, KvCacheOptions cache,
                              const TransformerOptions& transformer, std::uint64_t limit) {
  const std::uint32_t wanted = cache.context != 0 ? cache.context : model.config.context;
  for (std::uint32_t context = wanted / 256 * 256; context >= kMinContext; context -= 256) {
    cache.context = context;
    if (memory_need(model, cache, transformer).total() <= limit) return context;
  }
  return 0;
}

}  // namespace

MemoryNeed memory_need(const Model& model, const KvCacheOptions& cache,
                       const TransformerOptions& transformer) {
  return {.weights = model.file_bytes,
          .cache = kv_cache_bytes(model.config, cache),
          .scratch = transformer_scratch_bytes(model.config, transformer)};
}

std::uint64_t available_memory() {
  std::uint64_t available = number_after("/proc/meminfo", "MemAvailable:").value_or(0) * 1024;
  const auto limit = number_in("/sys/fs/cgroup/memory.max");
  const auto used = number_in("/sys/fs/cgroup/memory.current");
  if (limit && used) {
    // Cached file pages count as used but are given back.
    const std::uint64_t cached =
        number_after("/sys/fs/cgroup/memory.stat", "inactive_file ").value_or(0);
    const std::uint64_t held = *used - std::min(*used, cached);
    const std::uint64_t left = *limit - std::min(*limit, held);
    available = available == 0 ? left : std::min(available, left);
  }
  return available;
}

Status check_memory(const Model& model, const KvCacheOptions& cache,
                    const TransformerOptions& transformer, std::uint64_t limit,
                    std::uint64_t beside) {
  const bool of_machine = limit == 0;
  if (of_machine) limit = available_memory();
  const MemoryNeed need = memory_need(model, cache, transformer);
  const std::uint64_t total = need.total() + beside;
  if (limit == 0 || total <= limit) return {};
  const std::uint64_t left = limit - std::min(limit, beside);

  const std::uint32_t context = cache.context != 0 ? cache.context : model.config.context;
  Error error = make_error(
      ErrorCode::kLimit,
      "{} needs {} (weights {}, keys and values of {} positions {}, working memory {}), but {} {}.",
      "{}에는 {}가 필요합니다(가중치 {}, {}개 위치의 키와 값 {}, 작업 공간 {}). 그러나 {} "
      "{}입니다.",
      model.name, format_bytes(total), format_bytes(need.weights), context,
      format_bytes(need.cache), format_bytes(need.scratch + beside),
      of_machine ? message("this machine has free", "이 컴퓨터에 남은 메모리는")
                 : message("it may take only", "허락한 메모리는"),
      format_bytes(limit));

  KvCacheOptions in_bytes = cache;
  in_bytes.type = KvType::kQ8_0;
  const std::uint32_t fitting = largest_context(model, cache, transformer, left);
  const std::uint32_t fitting_in_bytes =
      fitting == 0 ? largest_context(model, in_bytes, transformer, left) : 0;
  if (fitting != 0) {
    error.advice.push_back({AdviceKind::kLowerContext, std::to_string(fitting)});
  } else if (fitting_in_bytes != 0) {
    error.advice.push_back({AdviceKind::kLowerContextAndBytes, std::to_string(fitting_in_bytes)});
  } else {
    error.message += message(" No context fits beside its weights.",
                             " 문맥이 아무리 짧아도 가중치와 함께 들어가지 않습니다.");
    error.advice.push_back({AdviceKind::kChooseSmallerModel, ""});
  }
  if (cache.type != KvType::kQ8_0 && fitting_in_bytes == 0 &&
      memory_need(model, in_bytes, transformer).total() <= left) {
    error.advice.push_back({AdviceKind::kStoreKeysInBytes, ""});
  }
  return error;
}

}  // namespace saseo
