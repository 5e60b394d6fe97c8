#include "engine/matmul.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "engine/kernels/matmul.h"

namespace saseo {
namespace {

// Rows unpacked at a time. With many tokens their codes stay in the second-level cache while all
// pass; with few they should still be in the first.
constexpr std::size_t kTileRows = 16;
constexpr std::size_t kTileRowsOfFewTokens = 4;
constexpr std::size_t kFewTokens = 8;

// A thread's room for a tile of rows in common form. What an earlier, wider matrix left in the
// padding meets activations of zero.
struct TileScratch {
  std::vector<std::uint8_t> codes;  // (kTileRows, padded)
  std::vector<float> scales;        // (kTileRows, padded / group)
  std::vector<float> offsets;       // (kTileRows, padded / group)
  std::vector<float> row;           // (cols), for the float path

  void resize(std::size_t padded) {
    if (codes.size() >= kTileRows * padded) return;
    codes.assign(kTileRows * padded, 0);
    scales.assign(kTileRows * padded / 16, 0.0f);
    offsets.assign(kTileRows * padded / 16, 0.0f);
    row.assign(padded, 0.0f);
  }
};

TileScratch& scratch() {
  thread_local TileScratch scratch;
  return scratch;
}

std::size_t padded_cols(std::size_t cols) { return (cols + 63) / 64 * 64; }

const std::uint8_t* bytes_of(const WeightMatrix& w, std::size_t row) {
  return reinterpret_cast<const std::uint8_t*>(w.row(row));
}

// The common form of a type (kernels/unpack_body.h).
struct CodeForm {
  std::size_t group;  // Elements that share a scale.
  bool is_signed;     // Signed codes without offsets.
};

CodeForm form_of(TensorType type) {
  switch (type) {
    case TensorType::kQ2_K:
    case TensorType::kQ3_K:
    case TensorType::kQ6_K:
      return {16, false};
    case TensorType::kQ8_0:
    case TensorType::kIQ4_NL:
    case TensorType::kIQ4_XS:
      return {32, true};
    default:
      return {32, false};
  }
}

// codes = round(x / scale), scale = max |x| / 127 per 16 columns. cols: a multiple of 32. A group
// with an infinity or a NaN has the scale NaN, and so every product with it.
void quantize_row(const float* x, std::size_t cols, std::int8_t* codes, float* scales,
                  float* sums_16, float* sums_32) {
  for (std::size_t g = 0; g < cols / 16; ++g, x += 16, codes += 16) {
    float largest = 0;
    bool finite = true;
    for (std::size_t i = 0; i < 16; ++i) {
      largest = std::max(largest, std::fabs(x[i]));
      finite = finite && std::isfinite(x[i]);
    }
    int sum = 0;
    if (finite) {
      // 127 / largest overflows for the smallest numbers; x / largest does not.
      for (std::size_t i = 0; i < 16; ++i) {
        const float share = largest > 0 ? x[i] / largest : 0.0f;
        const int code = static_cast<int>(std::nearbyint(share * 127.0f));
        codes[i] = static_cast<std::int8_t>(code);
        sum += code;
      }
      scales[g] = largest / 127.0f;
    } else {
      std::fill_n(codes, 16, std::int8_t{0});
      scales[g] = std::numeric_limits<float>::quiet_NaN();
    }
    sums_16[g] = scales[g] * static_cast<float>(sum);
    if (g % 2 == 1) sums_32[g / 2] = sums_16[g - 1] + sums_16[g];
  }
}

void dequantize(const WeightMatrix& w, std::size_t row, float* out, TileScratch& tile) {
  const SaseoMatmulKernels& kernels = matmul_kernels();
  const auto type = static_cast<std::uint32_t>(w.type);
  if (is_float_type(w.type)) return kernels.widen_row(type, bytes_of(w, row), w.cols, out);
  kernels.unpack_row(type, bytes_of(w, row), w.cols, tile.codes.data(), tile.scales.data(),
                     tile.offsets.data());
  const CodeForm form = form_of(w.type);
  for (std::size_t i = 0; i < w.cols; ++i) {
    const std::size_t g = i / form.group;
    out[i] = form.is_signed
                 ? tile.scales[g] * static_cast<float>(static_cast<std::int8_t>(tile.codes[i]))
                 : tile.scales[g] * static_cast<float>(tile.codes[i]) + tile.offsets[g];
  }
}

}  // namespace

void Activations::set(std::span<const float> x, std::uint32_t cols, Arithmetic arithmetic,
                      ThreadPool& pool) {
  assert(cols > 0 && x.size() % cols == 0);
  x_ = x.data();
  cols_ = cols;
  tokens_ = static_cast<std::uint32_t>(x.size() / cols);
  padded_ = static_cast<std::uint32_t>(padded_cols(cols));
  arithmetic_ = arithmetic;
  // Quantised rows hold whole blocks of 32; other widths only meet float weights.
  if (arithmetic == Arithmetic::kFloat || cols % 32 != 0) return;
  const std::size_t groups = padded_ / 16;
  codes_.assign(static_cast<std::size_t>(tokens_) * padded_, 0);
  scales_.assign(tokens_ * groups, 0.0f);
  sums_16_.assign(tokens_ * groups, 0.0f);
  sums_32_.assign(tokens_ * groups / 2, 0.0f);
  pool.for_each(tokens_, [&](std::size_t t, std::size_t) {
    quantize_row(x_ + t * cols_, cols_, codes_.data() + t * padded_, scales_.data() + t * groups,
                 sums_16_.data() + t * groups, sums_32_.data() + t * groups / 2);
  });
}

void multiply(const WeightMatrix& w, const Activations& x, std::span<float> y, ThreadPool& pool) {
  assert(w.cols == x.cols_ && y.size() == static_cast<std::size_t>(x.tokens_) * w.rows);
  const SaseoMatmulKernels& kernels = matmul_kernels();
  const bool integer = x.arithmetic_ == Arithmetic::kInteger && !is_float_type(w.type);
  const std::size_t padded = x.padded_;
  const CodeForm form = form_of(w.type);
  const std::size_t groups = padded / form.group;
  const std::size_t tile_rows = x.tokens_ < kFewTokens ? kTileRowsOfFewTokens : kTileRows;
  pool.for_each((w.rows + tile_rows - 1) / tile_rows, [&](std::size_t tile, std::size_t) {
    const std::size_t first = tile * tile_rows;
    const std::size_t rows = std::min<std::size_t>(tile_rows, w.rows - first);
    TileScratch& room = scratch();
    room.resize(padded);
    if (!integer) {
      for (std::size_t r = first; r < first + rows; ++r) {
        dequantize(w, r, room.row.data(), room);
        kernels.multiply_floats(room.row.data(), x.x_, w.cols, x.tokens_, w.cols, y.data() + r,
                                w.rows);
      }
      return;
    }
    for (std::size_t r = 0; r < rows; ++r) {
      kernels.unpack_row(static_cast<std::uint32_t>(w.type), bytes_of(w, first + r), w.cols,
                         room.codes.data() + r * padded, room.scales.data() + r * groups,
                         room.offsets.data() + r * groups);
    }
    const SaseoWeightTile weights = {room.codes.data(), room.scales.data(),
                                     form.is_signed ? nullptr : room.offsets.data(), rows,
                                     form.group};
    const SaseoActivationTile activations = {x.codes_.data(), x.scales_.data(), x.sums_16_.data(),
                                             x.sums_32_.data(), x.tokens_};
    kernels.multiply_codes(&weights, &activations, padded, y.data() + first, w.rows);
  });
}

void dequantize_row(const WeightMatrix& w, std::size_t row, std::span<float> out) {
  assert(row < w.rows && out.size() == w.cols);
  TileScratch& room = scratch();
  room.resize(padded_cols(w.cols));
  dequantize(w, row, out.data(), room);
}

}  // namespace saseo
