#include "engine/matmul.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>
#include <memory>

#include "engine/kernels/matmul.h"
#include "engine/panels.h"

namespace saseo {
namespace {

// Of a thread: columns of some panels, from the file's form to the kernels' common form, that stay
// in the first-level cache while all tokens pass.
constexpr std::size_t kTilePanels = 2;
constexpr std::size_t kChunkBlocks = 16;  // Of 32 columns.
constexpr std::size_t kBlockCols = 32;

struct Scratch {
  std::array<std::uint8_t, kTilePanels * kChunkBlocks * kBlockCols * kPanelRows> codes;
  std::array<float, kTilePanels * kChunkBlocks * 2 * kPanelRows> scales, offsets;
  std::vector<std::byte> panel;  // Of a matrix that lies in rows.
  std::vector<float> results;    // (tokens, kTilePanels * kPanelRows), where rows are missing.
  // A single row.
  std::vector<std::byte> row_bytes;
  std::vector<std::uint8_t> row_codes;
  std::vector<float> row_scales, row_offsets, row;
};

// The common form of a row (kernels/unpack_body.h).
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

Scratch& scratch() {
  thread_local const auto scratch = std::make_unique<Scratch>();
  return *scratch;
}

// codes = round(x / scale), scale = max |x| / 127 per 16 columns. cols: a multiple of 32. A group
// with an infinity or a NaN has the scale NaN, and so every product with it.
void quantize_row(const float* x, std::size_t cols, std::int8_t* codes, float* scales,
                  float* sums_16, float* sums_32) {
  for (std::size_t g = 0; g < cols / 16; ++g, x += 16, codes += 16) {
    // Magnitudes order as their bits do, above them what is no number.
    std::array<std::uint32_t, 16> magnitudes;
    std::memcpy(magnitudes.data(), x, sizeof magnitudes);
    std::uint32_t bits = 0;
    for (const std::uint32_t m : magnitudes) bits = std::max(bits, m & 0x7FFFFFFFu);
    const float largest = std::bit_cast<float>(bits);
    const bool finite = bits < 0x7F800000u;
    // Of the smallest numbers the inverse overflows; they count as nothing.
    const float inverse = finite && largest > 1e-30f ? 127.0f / largest : 0.0f;
    int sum = 0;
    for (std::size_t i = 0; i < 16; ++i) {
      // Adding 1.5 * 2^23 rounds to the nearest integer, which stands in the low bits.
      const float rounded = (finite ? x[i] : 0.0f) * inverse + 12582912.0f;
      const auto code = static_cast<std::int8_t>(std::bit_cast<std::uint32_t>(rounded));
      codes[i] = code;
      sum += code;
    }
    scales[g] = finite ? largest / 127.0f : std::numeric_limits<float>::quiet_NaN();
    sums_16[g] = scales[g] * static_cast<float>(sum);
    if (g % 2 == 1) sums_32[g / 2] = sums_16[g - 1] + sums_16[g];
  }
}

// The columns of `blocks` blocks of 32 from `first` on, of a panel.
void unpack_panel(const WeightMatrix& w, std::size_t panel, std::size_t first, std::size_t blocks,
                  std::size_t slot, std::size_t groups) {
  const TensorTypeInfo& info = tensor_type_info(w.type);
  const std::size_t file_blocks = blocks * kBlockCols / info.block_elements;
  const std::size_t skipped = first * kBlockCols / info.block_elements * info.block_bytes;
  Scratch& room = scratch();
  const std::byte* from = nullptr;
  if (w.in_panels) {
    from = w.data + panel * panel_bytes(w.type, w.cols) + kPanelRows * skipped;
  } else {
    room.panel.resize(kPanelRows * file_blocks * info.block_bytes);
    const std::size_t row = panel * kPanelRows;
    make_panel(w.type, w.row(row) + skipped, std::min<std::size_t>(kPanelRows, w.rows - row),
               row_bytes(w.type, w.cols), file_blocks, room.panel.data());
    from = room.panel.data();
  }
  const std::size_t scales = slot * blocks * groups * kPanelRows;
  matmul_kernels().unpack_panel(static_cast<std::uint32_t>(w.type),
                                reinterpret_cast<const std::uint8_t*>(from), blocks,
                                room.codes.data() + slot * blocks * kBlockCols * kPanelRows,
                                room.scales.data() + scales, room.offsets.data() + scales);
}

}  // namespace

void Activations::set(std::span<const float> x, std::uint32_t cols, Arithmetic arithmetic,
                      ThreadPool& pool) {
  assert(cols > 0 && x.size() % cols == 0);
  x_ = x.data();
  cols_ = cols;
  tokens_ = static_cast<std::uint32_t>(x.size() / cols);
  arithmetic_ = arithmetic;
  // Quantised rows hold whole blocks of 32; other widths only meet float weights.
  if (arithmetic == Arithmetic::kFloat || cols % 32 != 0) return;
  const std::size_t groups = cols / 16;
  codes_.resize(static_cast<std::size_t>(tokens_) * cols);
  scales_.resize(tokens_ * groups);
  sums_16_.resize(tokens_ * groups);
  sums_32_.resize(tokens_ * groups / 2);
  pool.for_each(tokens_, [&](std::size_t t, std::size_t) {
    quantize_row(x_ + t * cols_, cols_, codes_.data() + t * cols_, scales_.data() + t * groups,
                 sums_16_.data() + t * groups, sums_32_.data() + t * groups / 2);
  });
}

// The results of kTilePanels panels for all tokens.
void Activations::multiply_tile(const WeightMatrix& w, std::size_t tile, float* y) const {
  const std::size_t first_panel = tile * kTilePanels;
  const std::size_t panels = std::min(kTilePanels, panel_count(w.rows) - first_panel);
  const std::size_t first_row = first_panel * kPanelRows;
  const std::size_t groups = kBlockCols / form_of(w.type).group;
  const std::size_t rows = std::min<std::size_t>(panels * kPanelRows, w.rows - first_row);
  Scratch& room = scratch();
  const bool whole = rows == panels * kPanelRows;
  if (!whole) room.results.resize(tokens_ * panels * kPanelRows);
  float* results = whole ? y + first_row : room.results.data();
  const std::size_t stride = whole ? w.rows : panels * kPanelRows;
  for (std::size_t block = 0; block < cols_ / kBlockCols; block += kChunkBlocks) {
    const std::size_t blocks = std::min(kChunkBlocks, cols_ / kBlockCols - block);
    for (std::size_t p = 0; p < panels; ++p) {
      unpack_panel(w, first_panel + p, block, blocks, p, groups);
    }
    const SaseoPanels weights = {room.codes.data(), room.scales.data(), room.offsets.data(), panels,
                                 blocks};
    const SaseoPanelActivations x = {codes_.data() + block * kBlockCols,
                                     scales_.data() + 2 * block,
                                     sums_16_.data() + 2 * block,
                                     sums_32_.data() + block,
                                     tokens_,
                                     cols_,
                                     cols_ / 16};
    matmul_kernels().multiply_panels(static_cast<std::uint32_t>(w.type), &weights, &x, results,
                                     stride, block == 0);
  }
  if (whole) return;
  for (std::size_t t = 0; t < tokens_; ++t) {
    std::copy_n(results + t * stride, rows, y + t * w.rows + first_row);
  }
}

void multiply(const WeightMatrix& w, const Activations& x, std::span<float> y, ThreadPool& pool) {
  assert(w.cols == x.cols_ && y.size() == static_cast<std::size_t>(x.tokens_) * w.rows);
  if (x.arithmetic_ == Arithmetic::kInteger && !is_float_type(w.type)) {
    pool.for_each((panel_count(w.rows) + kTilePanels - 1) / kTilePanels,
                  [&](std::size_t tile, std::size_t) { x.multiply_tile(w, tile, y.data()); });
    return;
  }
  const SaseoMatmulKernels& kernels = matmul_kernels();
  pool.for_each(w.rows, [&](std::size_t r, std::size_t) {
    std::vector<float>& row = scratch().row;
    row.resize(w.cols);
    dequantize_row(w, r, row);
    kernels.multiply_floats(row.data(), x.x_, w.cols, x.tokens_, w.cols, y.data() + r, w.rows);
  });
}

void dequantize_row(const WeightMatrix& w, std::size_t row, std::span<float> out) {
  assert(row < w.rows && out.size() == w.cols);
  const SaseoMatmulKernels& kernels = matmul_kernels();
  const auto type = static_cast<std::uint32_t>(w.type);
  const auto bytes_of = [](const std::byte* p) { return reinterpret_cast<const std::uint8_t*>(p); };
  if (is_float_type(w.type))
    return kernels.widen_row(type, bytes_of(w.row(row)), w.cols, out.data());
  Scratch& room = scratch();
  const std::byte* packed = nullptr;
  if (w.in_panels) {
    room.row_bytes.resize(row_bytes(w.type, w.cols));
    row_of_panel(w.type, w.data + row / kPanelRows * panel_bytes(w.type, w.cols), row % kPanelRows,
                 w.cols, room.row_bytes.data());
    packed = room.row_bytes.data();
  } else {
    packed = w.row(row);
  }
  const CodeForm form = form_of(w.type);
  room.row_codes.resize(w.cols);
  room.row_scales.resize(w.cols / form.group);
  room.row_offsets.resize(w.cols / form.group);
  kernels.unpack_row(type, bytes_of(packed), w.cols, room.row_codes.data(), room.row_scales.data(),
                     room.row_offsets.data());
  for (std::size_t i = 0; i < w.cols; ++i) {
    const std::size_t g = i / form.group;
    const std::uint8_t code = room.row_codes[i];
    out[i] = form.is_signed
                 ? room.row_scales[g] * static_cast<float>(static_cast<std::int8_t>(code))
                 : room.row_scales[g] * static_cast<float>(code) + room.row_offsets[g];
  }
}

}  // namespace saseo
