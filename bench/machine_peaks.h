// What this machine allows, measured: how fast all threads together read memory, and how many
// multiply-adds they do at most. Speeds are stated beside these.
#pragma once

#include <cstddef>
#include <string>

#include "base/pages.h"
#include "base/result.h"
#include "base/thread_pool.h"

namespace saseo::bench {

// "Intel(R) Xeon(R) ..." as /proc/cpuinfo has it; empty where it has none.
std::string processor_name();

// A buffer in large pages, read front to back by all threads at once. Thread-compatible.
class MemoryReader {
 public:
  // The buffer should be several times the last cache: what stays in it is not memory's speed.
  static Result<MemoryReader> create(std::size_t bytes = kDefaultBytes);

  // GB/s (1e9 bytes), the best of `passes` reads of the whole buffer.
  double speed(ThreadPool& pool, int passes = 3) const;

 private:
  static constexpr std::size_t kDefaultBytes = 3ull << 29;  // 1.5 GiB
  explicit MemoryReader(Pages pages) : pages_(std::move(pages)) {}
  Pages pages_;
};

// GOP/s of all threads together, a multiply-add being two operations; 0 where this processor has no
// such instruction.
struct ArithmeticPeaks {
  double int8 = 0;     // vpdpbusd on 512 bits: unsigned by signed bytes, added to 32 bits.
  double bf16 = 0;     // vdpbf16ps on 512 bits.
  double float32 = 0;  // Fused multiply-add, 512 or 256 bits.
};
ArithmeticPeaks measure_arithmetic(ThreadPool& pool);

}  // namespace saseo::bench
