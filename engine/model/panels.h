// Panels: the rows of a quantised matrix rearranged so that kernels read 16 of them at once.
//
// A panel holds 16 rows. Block by block, each field of the 16 blocks' layout (unpack_body.h) lies
// side by side in units of its size, a half or four bytes: all rows' unit 0, all rows' unit 1 ...
// So a panel has the bytes of its rows, neither more nor fewer, and can be taken apart again. Rows
// beyond the matrix's last are zeros.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/files/tensor_type.h"

namespace saseo {

constexpr std::size_t kPanelRows = 16;
// Raised with every change of what make_panel() writes: files of panels (prepacked.h) made before
// are then made anew.
constexpr std::uint32_t kPanelLayout = 1;

inline std::size_t panel_count(std::size_t rows) { return (rows + kPanelRows - 1) / kPanelRows; }
inline std::size_t panel_bytes(TensorType type, std::size_t cols) {
  return kPanelRows * row_bytes(type, cols);
}

// out: panel_bytes(); rows: `count` <= 16 rows of `cols` elements of a quantised type, one after
// the other, of which the blocks from `first_block` on are taken until `out` is full.
void make_panel(TensorType type, const std::byte* rows, std::size_t count, std::size_t row_size,
                std::size_t blocks, std::byte* out);

// out: row_bytes(type, cols), the row `lane` of a panel as it was.
void row_of_panel(TensorType type, const std::byte* panel, std::size_t lane, std::size_t cols,
                  std::byte* out);

}  // namespace saseo
