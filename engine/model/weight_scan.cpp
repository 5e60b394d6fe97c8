#include "engine/model/weight_scan.h"

#include <cstring>
#include <string>

#include "base/message.h"
#include "engine/model/model_tensors.h"

namespace saseo {
namespace {

// All bits of the exponent are set: infinite, or not a number.
bool is_odd_half(const std::byte* bytes) {
  std::uint16_t bits;
  std::memcpy(&bits, bytes, 2);
  return (bits & 0x7C00) == 0x7C00;
}

template <typename Bits>
bool any_odd_float(const std::byte* row, std::size_t count, Bits exponent) {
  bool odd = false;
  for (std::size_t i = 0; i < count; ++i) {
    Bits bits;
    std::memcpy(&bits, row + i * sizeof bits, sizeof bits);
    odd |= (bits & exponent) == exponent;
  }
  return odd;
}

bool is_odd_row(const WeightMatrix& w, std::size_t r) {
  const std::byte* row = w.row(r);
  switch (w.type) {
    case TensorType::kF32:
      return any_odd_float<std::uint32_t>(row, w.cols, 0x7F800000u);
    case TensorType::kF16:
      return any_odd_float<std::uint16_t>(row, w.cols, 0x7C00);
    case TensorType::kBF16:
      return any_odd_float<std::uint16_t>(row, w.cols, 0x7F80);
    default:
      break;
  }
  const TensorTypeInfo& info = tensor_type_info(w.type);
  bool odd = false;
  for (std::size_t b = 0; b < w.cols / info.block_elements; ++b) {
    const std::byte* block = row + b * info.block_bytes;
    odd |= is_odd_half(block + info.halves[0]);
    if (info.halves[1] != TensorTypeInfo::kNoHalf) odd |= is_odd_half(block + info.halves[1]);
  }
  return odd;
}

// What of LongRead::on_bytes was not told yet.
struct Untold {
  const LongRead& read;
  std::uint64_t bytes = 0;

  void add(std::uint64_t more) {
    bytes += more;
    if (bytes >= 1 << 20) tell();
  }
  void tell() {
    if (read.on_bytes && bytes > 0) read.on_bytes(bytes);
    bytes = 0;
  }
};

Status scan(const Model& model, const std::string& name, const WeightMatrix& w, Untold& untold) {
  const std::size_t bytes = row_bytes(w.type, w.cols);
  for (std::size_t r = 0; r < w.rows; ++r) {
    if (untold.read.stop.stop_requested()) {
      return make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다");
    }
    untold.add(bytes);
    if (!is_odd_row(w, r)) continue;
    return make_error(
        ErrorCode::kDamaged,
        "{}: row {} of tensor {} holds a value that is infinite or not a number. The file is "
        "damaged; download it again.",
        "{0}: 텐서 {2}의 {1}행에 무한대이거나 숫자가 아닌 값이 있습니다. 손상된 "
        "파일입니다. 다시 내려받으세요.",
        model.paths.empty() ? model.name : model.paths.front().string(), r, name);
  }
  return {};
}

}  // namespace

Status scan_weights(const Model& model, const LongRead& read) {
  Untold untold{read};
  Status status;
  for_each_matrix(model, [&](const std::string& name, const WeightMatrix& w) {
    const bool tied = name == kOutputName && w.data == model.embedding.data;
    if (status.ok() && !tied) status = scan(model, name, w, untold);
  });
  SASEO_RETURN_IF_ERROR(status);
  untold.tell();
  return {};
}

}  // namespace saseo
