#include "engine/model/dequantize.h"

#include <cassert>
#include <vector>

#include "engine/kernels/matmul.h"
#include "engine/model/panels.h"

namespace saseo {
namespace {

struct RowRoom {
  std::vector<std::byte> bytes;
  std::vector<std::uint8_t> codes;
  std::vector<float> scales, offsets;
};

}  // namespace

void dequantize_row(const WeightMatrix& w, std::size_t row, std::span<float> out) {
  assert(row < w.rows && out.size() == w.cols);
  const SaseoMatmulKernels& kernels = matmul_kernels();
  const auto type = static_cast<std::uint32_t>(w.type);
  const auto bytes_of = [](const std::byte* p) { return reinterpret_cast<const std::uint8_t*>(p); };
  if (is_float_type(w.type))
    return kernels.widen_row(type, bytes_of(w.row(row)), w.cols, out.data());
  thread_local RowRoom room;
  const std::byte* packed = nullptr;
  if (w.in_panels) {
    room.bytes.resize(row_bytes(w.type, w.cols));
    row_of_panel(w.type, w.data + row / kPanelRows * panel_bytes(w.type, w.cols), row % kPanelRows,
                 w.cols, room.bytes.data());
    packed = room.bytes.data();
  } else {
    packed = w.row(row);
  }
  const TensorTypeInfo& info = tensor_type_info(w.type);
  room.codes.resize(w.cols);
  room.scales.resize(w.cols / info.scale_group);
  room.offsets.resize(w.cols / info.scale_group);
  kernels.unpack_row(type, bytes_of(packed), w.cols, room.codes.data(), room.scales.data(),
                     room.offsets.data());
  for (std::size_t i = 0; i < w.cols; ++i) {
    const std::size_t g = i / info.scale_group;
    const std::uint8_t code = room.codes[i];
    out[i] = info.signed_codes ? room.scales[g] * static_cast<float>(static_cast<std::int8_t>(code))
                               : room.scales[g] * static_cast<float>(code) + room.offsets[g];
  }
}

}  // namespace saseo
