// Random numbers by position: the n-th number of a stream is a function of its key and n alone, so
// that results repeat on every platform and in any order of computing.
//
//   number(n) = mix(key + n * 0x9E3779B97F4A7C15)
//
// Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014
// (SplitMix64, read by position).
#pragma once

#include <cstddef>
#include <cstdint>

namespace saseo::eval {

// A value: copies give the same numbers.
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t seed) : state_(mix(seed)) {}

  // The stream numbered `number` of this one's.
  RandomStream split(std::uint64_t number) const { return RandomStream(state_ + mix(number)); }

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ull;
    return mix(state_);
  }
  // In [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  // Two of 0 to count - 1 at once, from the halves of one number; count < 2^32. The bias is below
  // count / 2^32.
  struct Pair {
    std::uint32_t first, second;
  };
  Pair below(std::uint32_t count) {
    const std::uint64_t bits = next();
    return {static_cast<std::uint32_t>(((bits & 0xFFFFFFFFu) * count) >> 32),
            static_cast<std::uint32_t>(((bits >> 32) * count) >> 32)};
  }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace saseo::eval
