#include "engine/model/panels.h"

#include <cassert>
#include <cstring>

namespace saseo {
namespace {

// Units of 2 or 4 bytes that follow each other in a block.
struct Field {
  std::uint8_t unit = 4;
  std::uint8_t count = 0;
};

std::span<const Field> fields_of(TensorType type) {
  static constexpr Field kQ4_0[] = {{2, 1}, {4, 4}};
  static constexpr Field kQ4_1[] = {{2, 2}, {4, 4}};
  static constexpr Field kQ5_0[] = {{2, 1}, {4, 5}};
  static constexpr Field kQ5_1[] = {{2, 2}, {4, 5}};
  static constexpr Field kQ8_0[] = {{2, 1}, {4, 8}};
  static constexpr Field kQ2_K[] = {{4, 20}, {2, 2}};
  static constexpr Field kQ3_K[] = {{4, 27}, {2, 1}};
  static constexpr Field kQ4_K[] = {{2, 2}, {4, 35}};
  static constexpr Field kQ5_K[] = {{2, 2}, {4, 43}};
  static constexpr Field kQ6_K[] = {{4, 52}, {2, 1}};
  static constexpr Field kIQ4_XS[] = {{2, 2}, {4, 33}};
  switch (type) {
    case TensorType::kQ4_0:
    case TensorType::kIQ4_NL:
      return kQ4_0;
    case TensorType::kQ4_1:
      return kQ4_1;
    case TensorType::kQ5_0:
      return kQ5_0;
    case TensorType::kQ5_1:
      return kQ5_1;
    case TensorType::kQ8_0:
      return kQ8_0;
    case TensorType::kQ2_K:
      return kQ2_K;
    case TensorType::kQ3_K:
      return kQ3_K;
    case TensorType::kQ4_K:
      return kQ4_K;
    case TensorType::kQ5_K:
      return kQ5_K;
    case TensorType::kQ6_K:
      return kQ6_K;
    case TensorType::kIQ4_XS:
      return kIQ4_XS;
    case TensorType::kF32:
    case TensorType::kF16:
    case TensorType::kBF16:
      break;
  }
  assert(false && "float rows have no panels");
  return {};
}

// Units of the rows, side by side: to[i][row] = row's unit i.
template <std::size_t kUnit>
void spread(const std::byte* rows, std::size_t row_size, std::size_t row_count, std::size_t units,
            std::byte* to) {
  for (std::size_t i = 0; i < units; ++i) {
    for (std::size_t r = 0; r < row_count; ++r) {
      std::memcpy(to + (i * kPanelRows + r) * kUnit, rows + r * row_size + i * kUnit, kUnit);
    }
  }
}

template <std::size_t kUnit>
void gather(const std::byte* from, std::size_t count, std::byte* to) {
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(to + i * kUnit, from + i * kPanelRows * kUnit, kUnit);
  }
}

}  // namespace

void make_panel(TensorType type, const std::byte* rows, std::size_t count, std::size_t row_size,
                std::size_t blocks, std::byte* out) {
  assert(count > 0 && count <= kPanelRows);
  const std::size_t block_bytes = tensor_type_info(type).block_bytes;
  const std::span<const Field> fields = fields_of(type);
  if (count < kPanelRows) std::memset(out, 0, kPanelRows * blocks * block_bytes);
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::byte* from = rows + b * block_bytes;
    for (const Field& field : fields) {
      if (field.unit == 2) {
        spread<2>(from, row_size, count, field.count, out);
      } else {
        spread<4>(from, row_size, count, field.count, out);
      }
      from += static_cast<std::size_t>(field.unit) * field.count;
      out += kPanelRows * field.unit * field.count;
    }
  }
}

void row_of_panel(TensorType type, const std::byte* panel, std::size_t lane, std::size_t cols,
                  std::byte* out) {
  assert(lane < kPanelRows);
  const TensorTypeInfo& info = tensor_type_info(type);
  for (std::size_t b = 0; b < cols / info.block_elements; ++b) {
    const std::byte* from = panel + b * kPanelRows * info.block_bytes;
    for (const Field& field : fields_of(type)) {
      if (field.unit == 2) {
        gather<2>(from + lane * 2, field.count, out);
      } else {
        gather<4>(from + lane * 4, field.count, out);
      }
      from += kPanelRows * field.unit * field.count;
      out += static_cast<std::size_t>(field.unit) * field.count;
    }
  }
}

}  // namespace saseo
