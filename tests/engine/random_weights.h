// Weights of every type with random bits in every field and scales of a sensible size, so that a
// wrong bit in an unpacking shows.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "engine/files/tensor_type.h"
#include "tests/engine/small_floats.h"

namespace saseo {

inline constexpr TensorType kQuantizedTypes[] = {
    TensorType::kQ4_0, TensorType::kQ4_1, TensorType::kQ5_0,   TensorType::kQ5_1,
    TensorType::kQ8_0, TensorType::kQ2_K, TensorType::kQ3_K,   TensorType::kQ4_K,
    TensorType::kQ5_K, TensorType::kQ6_K, TensorType::kIQ4_NL, TensorType::kIQ4_XS};

// Where the half-precision scales of a block stand, and how large each makes the weights, relative
// to the first: the offset of a type with minima is about half of its range, taken off or added.
struct BlockScale {
  std::size_t offset;
  float size;
};

inline std::vector<BlockScale> block_scales(TensorType type) {
  // The divisors make the weights' standard deviation about 1 at scale 1.
  switch (type) {
    case TensorType::kQ4_0:
      return {{0, 1 / 4.6f}};
    case TensorType::kQ4_1:
      return {{0, 1 / 4.6f}, {2, -7.5f / 4.6f}};
    case TensorType::kQ5_0:
      return {{0, 1 / 9.2f}};
    case TensorType::kQ5_1:
      return {{0, 1 / 9.2f}, {2, -15.5f / 9.2f}};
    case TensorType::kQ8_0:
      return {{0, 1 / 74.0f}};
    case TensorType::kQ2_K:
      return {{80, 1 / 12.0f}, {82, 1.5f / 12.0f}};
    case TensorType::kQ3_K:
      return {{108, 1 / 42.0f}};
    case TensorType::kQ4_K:
      return {{0, 1 / 180.0f}, {2, 7.5f / 180.0f}};
    case TensorType::kQ5_K:
      return {{0, 1 / 360.0f}, {2, 15.5f / 360.0f}};
    case TensorType::kQ6_K:
      return {{208, 1 / 1370.0f}};
    case TensorType::kIQ4_NL:
      return {{0, 1 / 70.0f}};
    case TensorType::kIQ4_XS:
      return {{0, 1 / 1300.0f}};
    default:
      return {};
  }
}

// Fills whole rows of `type` with weights of about the given standard deviation.
template <typename Random>
void fill_random_weights(TensorType type, float deviation, Random& random, std::byte* out,
                         std::size_t bytes) {
  if (type == TensorType::kF32 || type == TensorType::kF16 || type == TensorType::kBF16) {
    std::normal_distribution<float> normal(0, deviation);
    const std::size_t step = tensor_type_info(type).block_bytes;
    for (std::size_t i = 0; i < bytes; i += step) {
      const float value = normal(random);
      const std::uint16_t half =
          type == TensorType::kF16 ? half_of_float(value) : bfloat16_of_float(value);
      if (step == 4) {
        std::memcpy(out + i, &value, 4);
      } else {
        std::memcpy(out + i, &half, 2);
      }
    }
    return;
  }
  static_assert(Random::max() >= UINT32_MAX);
  for (std::size_t i = 0; i < bytes; i += 4) {
    const auto bits = static_cast<std::uint32_t>(random());
    std::memcpy(out + i, &bits, std::min<std::size_t>(4, bytes - i));
  }
  std::uniform_real_distribution<float> spread(0.5f, 1.5f);
  for (std::size_t at = 0; at < bytes; at += tensor_type_info(type).block_bytes) {
    const float scale = deviation * spread(random);
    for (const auto& [offset, size] : block_scales(type)) {
      const std::uint16_t half = half_of_float(scale * size);
      std::memcpy(out + at + offset, &half, 2);
    }
  }
}

// `lead` bytes come first, to misalign.
inline std::vector<std::byte> random_rows(TensorType type, std::size_t rows, std::size_t cols,
                                          std::size_t lead = 0) {
  std::mt19937 random(static_cast<unsigned>(type) * 977u + static_cast<unsigned>(cols));
  std::vector<std::byte> bytes(lead + rows * row_bytes(type, cols));
  fill_random_weights(type, 0.1f, random, bytes.data() + lead, bytes.size() - lead);
  return bytes;
}

}  // namespace saseo
