#include "engine/forward/matmul.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>
#include <memory>

#include "engine/kernels/matmul.h"
#include "engine/model/dequantize.h"
#include "engine/model/panels.h"

namespace saseo {
namespace {

// Of a thread: columns of some panels, from the file's form to the kernels' common form, that stay
// in the second-level cache while all tokens pass.
constexpr std::size_t kTilePanels = 3;    // At most.
constexpr std::size_t kChunkBlocks = 72;  // Of 32 columns; whole blocks of every type.
constexpr std::size_t kBlockCols = 32;
constexpr std::size_t kXGroup = SASEO_X_GROUP;

constexpr std::size_t kStreamedPasses = 4;       // Of tokens; for more it pays to unpack.
constexpr std::size_t kStreamedBytes = 1 << 20;  // Of a task, at most.
constexpr std::size_t kMinPanels = 2;            // Of a task; kernels stream two or four.
constexpr std::size_t kMadePanels = 4;           // Of a matrix in rows, at a time.
constexpr std::size_t kColsTogether = 512;       // That are rounded at once.
constexpr std::size_t kMinCols = 2048;           // Of a token that are worth a thread.
constexpr std::size_t kFloatPanels = 8;          // Of floats, at most.
constexpr std::size_t kFewFloatTokens = 16;      // Want fewer panels at a time.

struct Scratch {
  alignas(64) std::array<std::uint8_t, kTilePanels * kChunkBlocks * kBlockCols * kPanelRows> codes;
  alignas(64) std::array<float, kTilePanels * kChunkBlocks * 2 * kPanelRows> scales;
  alignas(64) std::array<float, kTilePanels * kChunkBlocks * 2 * kPanelRows> offsets;
  std::vector<std::byte> panels;  // Of a matrix that lies in rows.
  AlignedVector<float> results;   // (tokens, kTilePanels * kPanelRows), where rows are missing.
  alignas(64) std::array<float, kFloatPanels * SASEO_FLOAT_CHUNK * kPanelRows> floats;
  std::vector<float> rows;  // Of other types, multiplied as floats.
};

Scratch& scratch() {
  thread_local const auto scratch = std::make_unique<Scratch>();
  return *scratch;
}

// The bytes of the columns of `blocks` blocks of 32 from `first` on, of `count` panels; of several
// all columns.
const std::uint8_t* panel_columns(const WeightMatrix& w, std::size_t panel, std::size_t count,
                                  std::size_t first, std::size_t blocks) {
  const TensorTypeInfo& info = tensor_type_info(w.type);
  const std::size_t skipped = first * kBlockCols / info.block_elements * info.block_bytes;
  if (w.in_panels) {
    return reinterpret_cast<const std::uint8_t*>(w.data + panel * panel_bytes(w.type, w.cols) +
                                                 kPanelRows * skipped);
  }
  std::vector<std::byte>& room = scratch().panels;
  const std::size_t file_blocks = blocks * kBlockCols / info.block_elements;
  const std::size_t bytes = kPanelRows * file_blocks * info.block_bytes;
  room.resize(count * bytes);
  for (std::size_t p = 0; p < count; ++p) {
    const std::size_t row = (panel + p) * kPanelRows;
    make_panel(w.type, w.row(row) + skipped, std::min<std::size_t>(kPanelRows, w.rows - row),
               row_bytes(w.type, w.cols), file_blocks, room.data() + p * bytes);
  }
  return reinterpret_cast<const std::uint8_t*>(room.data());
}

// Panels of a matrix, and where their results go.
struct Tile {
  const WeightMatrix* w;
  std::size_t first_panel, panels;
  float* y;                    // (tokens, w->rows)
  const Tile* next = nullptr;  // Where the thread probably goes on.
};

// The tile that probably follows, if it can be asked for in the same way.
const std::uint8_t* next_panels(const Tile& tile) {
  const Tile* next = tile.next;
  if (next == nullptr || !next->w->in_panels || next->w->type != tile.w->type) return nullptr;
  return panel_columns(*next->w, next->first_panel, 1, 0, 0);
}

bool are_few(std::size_t tokens) {
  return tokens <= kStreamedPasses * matmul_kernels().stream_tokens;
}

// For few tokens: every weight is read from memory once.
void stream_panels(const Tile& tile, const SaseoPanelActivations& x, float* results,
                   std::size_t stride) {
  const WeightMatrix& w = *tile.w;
  SaseoStreamedPanels weights = {nullptr, 0, panel_bytes(w.type, w.cols), x.blocks,
                                 next_panels(tile)};
  const std::size_t most = w.in_panels ? tile.panels : kMadePanels;
  for (std::size_t panel = 0; panel < tile.panels; panel += weights.count) {
    weights.count = std::min(most, tile.panels - panel);
    weights.panels = panel_columns(w, tile.first_panel + panel, weights.count, 0, x.blocks);
    matmul_kernels().stream_panels(static_cast<std::uint32_t>(w.type), &weights, &x,
                                   results + panel * kPanelRows, stride);
  }
}

// For many tokens: columns are unpacked once for all of them, and those of the next chunk asked for
// meanwhile.
void multiply_panels(const Tile& tile, SaseoPanelActivations x, float* results,
                     std::size_t stride) {
  Scratch& room = scratch();
  const auto type = static_cast<std::uint32_t>(tile.w->type);
  const std::size_t groups = kBlockCols / tensor_type_info(tile.w->type).scale_group;
  assert(tile.panels <= kTilePanels);
  SaseoPanels weights = {room.codes.data(),
                         room.scales.data(),
                         room.offsets.data(),
                         tile.panels,
                         kChunkBlocks,
                         nullptr,
                         panel_bytes(tile.w->type, tile.w->cols),
                         0};
  for (std::size_t block = 0; block < x.blocks; block += kChunkBlocks) {
    weights.blocks = std::min(kChunkBlocks, x.blocks - block);
    for (std::size_t p = 0; p < tile.panels; ++p) {
      const std::size_t at = p * weights.blocks * kPanelRows;
      matmul_kernels().unpack_panel(
          type, panel_columns(*tile.w, tile.first_panel + p, 1, block, weights.blocks),
          weights.blocks, room.codes.data() + at * kBlockCols, room.scales.data() + at * groups,
          room.offsets.data() + at * groups);
    }
    const std::size_t next_block = block + kChunkBlocks < x.blocks ? block + kChunkBlocks : 0;
    const std::size_t next_blocks = std::min(kChunkBlocks, x.blocks - next_block);
    weights.next = next_block == 0 ? next_panels(tile) : nullptr;
    if (next_block > 0 && tile.w->in_panels)
      weights.next = panel_columns(*tile.w, tile.first_panel, 1, next_block, next_blocks);
    weights.next_bytes = weights.next == nullptr ? 0 : weights.next_stride * next_blocks / x.blocks;
    x.first_block = block;
    matmul_kernels().multiply_panels(type, &weights, &x, results, stride, block == 0);
  }
}

void run_tile(const Tile& tile, const SaseoPanelActivations& x) {
  const std::size_t first_row = tile.first_panel * kPanelRows, stride = tile.panels * kPanelRows;
  const std::size_t rows = std::min<std::size_t>(stride, tile.w->rows - first_row);
  const bool streams = are_few(x.tokens) || tile.panels % matmul_kernels().tile_panels != 0;
  // Where chunk after chunk adds to many tokens' results they gather in one place.
  if (rows == stride && (streams || x.blocks <= kChunkBlocks)) {
    return streams ? stream_panels(tile, x, tile.y + first_row, tile.w->rows)
                   : multiply_panels(tile, x, tile.y + first_row, tile.w->rows);
  }
  AlignedVector<float>& results = scratch().results;
  results.resize(x.tokens * stride);
  streams ? stream_panels(tile, x, results.data(), stride)
          : multiply_panels(tile, x, results.data(), stride);
  for (std::size_t t = 0; t < x.tokens; ++t) {
    std::copy_n(results.data() + t * stride, rows, tile.y + t * tile.w->rows + first_row);
  }
}

// Rows as floats: of many tokens each stretch meets several panels while it is near.
void multiply_floats(const WeightMatrix& w, const float* x, std::size_t tokens, std::span<float> y,
                     ThreadPool& pool) {
  constexpr std::size_t kChunk = SASEO_FLOAT_CHUNK;
  const SaseoMatmulKernels& kernels = matmul_kernels();
  const TensorType type = is_float_type(w.type) ? w.type : TensorType::kF32;
  const std::size_t stride = row_bytes(type, w.cols), bytes = stride / w.cols;
  const std::size_t most = kPanelRows * (tokens <= kFewFloatTokens ? 2 : kFloatPanels);
  pool.for_each((w.rows + most - 1) / most, [&](std::size_t task, std::size_t) {
    Scratch& room = scratch();
    const std::size_t first = task * most, rows = std::min(most, w.rows - first);
    const std::size_t panels = panel_count(static_cast<std::uint32_t>(rows));
    room.results.resize(tokens * most);
    const std::byte* from = nullptr;
    if (type == w.type) {
      from = w.row(first);
    } else {
      room.rows.resize(rows * w.cols);
      for (std::size_t r = 0; r < rows; ++r)
        dequantize_row(w, first + r, std::span(room.rows).subspan(r * w.cols, w.cols));
      from = reinterpret_cast<const std::byte*>(room.rows.data());
    }
    for (std::size_t col = 0; col < w.cols; col += kChunk) {
      const std::size_t cols = std::min<std::size_t>(kChunk, w.cols - col);
      for (std::size_t p = 0; p < panels; ++p) {
        const std::byte* part = from + p * kPanelRows * stride + col * bytes;
        kernels.turn_floats(static_cast<std::uint32_t>(type),
                            reinterpret_cast<const std::uint8_t*>(part),
                            std::min<std::size_t>(kPanelRows, rows - p * kPanelRows), stride, cols,
                            room.floats.data() + p * kChunk * kPanelRows);
      }
      kernels.multiply_floats(room.floats.data(), panels, cols, x + col, w.cols, tokens,
                              room.results.data(), most, col == 0);
    }
    for (std::size_t t = 0; t < tokens; ++t)
      std::copy_n(room.results.data() + t * most, rows, y.data() + t * w.rows + first);
  });
}

// Appends the tiles of a product; left: the panels of all products that have none yet.
void add_tiles(const Product& product, bool streams, std::size_t threads, std::size_t* left,
               std::vector<Tile>* tiles) {
  const WeightMatrix& w = *product.weights;
  const std::size_t panels = panel_count(w.rows);
  const std::size_t longest = kStreamedBytes / panel_bytes(w.type, w.cols);
  for (std::size_t p = 0, count = 0; p < panels; p += count, *left -= count) {
    // Of few tokens long stretches of memory, but short ones at last, so that threads end together.
    const std::size_t share = std::min(longest, *left / (4 * threads));
    count = streams ? std::max(share / kMinPanels * kMinPanels, kMinPanels)
                    : std::max(matmul_kernels().tile_panels, kMinPanels);
    count = std::min(count, panels - p);
    tiles->push_back({&w, p, count, product.y.data()});
  }
}

}  // namespace

void Activations::set(std::span<const float> x, std::uint32_t cols, Arithmetic arithmetic,
                      ThreadPool& pool, bool fine) {
  resize(x, cols, arithmetic, fine);
  if (is_quantized()) make(pool, false, [](std::size_t, std::size_t, std::size_t) {});
}

void Activations::resize(std::span<const float> x, std::uint32_t cols, Arithmetic arithmetic,
                         bool fine) {
  assert(cols > 0 && x.size() % cols == 0);
  x_ = x.data();
  cols_ = cols;
  tokens_ = static_cast<std::uint32_t>(x.size() / cols);
  arithmetic_ = arithmetic;
  fine_ = fine;
  if (!is_quantized()) return;
  constexpr std::size_t kReadable = 16;  // Behind the last: SaseoPanelActivations.
  const std::size_t groups = (tokens_ + kXGroup - 1) / kXGroup;
  const std::size_t blocks = groups * kXGroup * (cols / kBlockCols);
  codes_.resize(blocks * kBlockCols);
  scales_.resize(blocks * (fine ? 2 : 1) + kReadable);
  shifts_.resize(blocks * (fine ? 2 : 1) + kReadable);
  sums_16_.resize(2 * blocks + kReadable);
  sums_32_.resize(blocks + kReadable);
}

Activations::Parts Activations::parts_for(std::size_t threads, bool whole_rows) const {
  Parts parts = {(tokens_ + kXGroup - 1) / kXGroup, kXGroup, 1, cols_};
  if (whole_rows || !is_quantized()) return parts;
  const std::size_t wanted = (2 * threads + parts.groups - 1) / parts.groups;
  const std::size_t stretches = std::clamp<std::size_t>(cols_ / kMinCols, 1, wanted);
  parts.cols =
      (cols_ + stretches * kColsTogether - 1) / (stretches * kColsTogether) * kColsTogether;
  parts.stretches = (cols_ + parts.cols - 1) / parts.cols;
  return parts;
}

void Activations::quantize(std::size_t t, std::size_t first_col, std::size_t cols) {
  const std::size_t block = first_col / kBlockCols;
  const std::size_t at = t / kXGroup * kXGroup * (cols_ / kBlockCols) + block * kXGroup;
  const std::size_t scale = fine_ ? 2 * at : at;
  matmul_kernels().quantize_row(x_ + t * cols_ + first_col, cols / kBlockCols, fine_, t % kXGroup,
                                &codes_[at * kBlockCols], &scales_[scale], &shifts_[scale],
                                &sums_16_[2 * at], &sums_32_[at]);
}

void multiply(std::span<const Product> products, const Activations& x, ThreadPool& pool) {
  std::vector<Tile> tiles;
  std::size_t panels = 0;
  for (const Product& product : products) {
    const WeightMatrix& w = *product.weights;
    assert(w.cols == x.cols_ && product.y.size() == std::size_t{x.tokens_} * w.rows);
    if (!x.is_quantized() || is_float_type(w.type)) {
      multiply_floats(w, x.x_, x.tokens_, product.y, pool);
    } else {
      panels += panel_count(w.rows);
    }
  }
  for (const Product& product : products) {
    if (x.is_quantized() && !is_float_type(product.weights->type))
      add_tiles(product, are_few(x.tokens_), pool.size(), &panels, &tiles);
  }
  const SaseoPanelActivations activations = {x.codes_.data(),
                                             x.scales_.data(),
                                             x.shifts_.data(),
                                             x.sums_16_.data(),
                                             x.sums_32_.data(),
                                             x.tokens_,
                                             x.cols_ / kBlockCols,
                                             0,
                                             x.fine_};
  for (std::size_t i = pool.size(); i < tiles.size(); ++i) tiles[i - pool.size()].next = &tiles[i];
  pool.for_each(tiles.size(), [&](std::size_t i, std::size_t) { run_tile(tiles[i], activations); });
}

void multiply(const WeightMatrix& w, const Activations& x, std::span<float> y, ThreadPool& pool) {
  const Product product = {&w, y};
  multiply({&product, 1}, x, pool);
}

}  // namespace saseo
