#include "engine/model/panels.h"

#include <cassert>
#include <cstring>

namespace saseo {
namespace {

std::span<const BlockField> fields_of(TensorType type) {
  assert(!is_float_type(type));  // Float rows have no panels.
  return tensor_type_info(type).fields;
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
  const std::span<const BlockField> fields = fields_of(type);
  if (count < kPanelRows) std::memset(out, 0, kPanelRows * blocks * block_bytes);
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::byte* from = rows + b * block_bytes;
    for (const BlockField& field : fields) {
      if (field.bytes == 2) {
        spread<2>(from, row_size, count, field.count, out);
      } else {
        spread<4>(from, row_size, count, field.count, out);
      }
      from += static_cast<std::size_t>(field.bytes) * field.count;
      out += kPanelRows * field.bytes * field.count;
    }
  }
}

void row_of_panel(TensorType type, const std::byte* panel, std::size_t lane, std::size_t cols,
                  std::byte* out) {
  assert(lane < kPanelRows);
  const TensorTypeInfo& info = tensor_type_info(type);
  for (std::size_t b = 0; b < cols / info.block_elements; ++b) {
    const std::byte* from = panel + b * kPanelRows * info.block_bytes;
    for (const BlockField& field : fields_of(type)) {
      if (field.bytes == 2) {
        gather<2>(from + lane * 2, field.count, out);
      } else {
        gather<4>(from + lane * 4, field.count, out);
      }
      from += kPanelRows * field.bytes * field.count;
      out += static_cast<std::size_t>(field.bytes) * field.count;
    }
  }
}

}  // namespace saseo
