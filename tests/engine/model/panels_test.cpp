#include "engine/model/panels.h"

#include <gtest/gtest.h>

#include <vector>

#include "engine/forward/matmul.h"
#include "tests/engine/random_weights.h"

namespace saseo {
namespace {

TEST(Panels, GiveEveryRowBackAsItWas) {
  for (const TensorType type : kQuantizedTypes) {
    const std::size_t blocks = 3, cols = blocks * tensor_type_info(type).block_elements;
    const std::size_t row_size = row_bytes(type, cols);
    for (const std::size_t rows : {1, 7, 16}) {
      const auto bytes = random_rows(type, rows, cols);
      std::vector<std::byte> panel(panel_bytes(type, cols), std::byte{0xAA}), row(row_size);
      make_panel(type, bytes.data(), rows, row_size, blocks, panel.data());
      for (std::size_t r = 0; r < kPanelRows; ++r) {
        row_of_panel(type, panel.data(), r, cols, row.data());
        const std::vector<std::byte> expected =
            r < rows ? std::vector<std::byte>(
                           bytes.begin() + static_cast<std::ptrdiff_t>(r * row_size),
                           bytes.begin() + static_cast<std::ptrdiff_t>((r + 1) * row_size))
                     : std::vector<std::byte>(row_size);
        EXPECT_EQ(row, expected) << tensor_type_info(type).name << " row " << r << " of " << rows;
      }
    }
  }
}

TEST(Panels, PutAUnitOfAllRowsSideBySide) {
  // Q8_0: a half, then 32 codes, which go by fours.
  std::vector<std::byte> rows(16 * 34);
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] = static_cast<std::byte>(i / 34 * 16 + i % 34);
  std::vector<std::byte> panel(rows.size());
  make_panel(TensorType::kQ8_0, rows.data(), 16, 34, 1, panel.data());
  EXPECT_EQ(panel[2], rows[34]);       // The second row's scale.
  EXPECT_EQ(panel[32], rows[2]);       // The first row's first four codes ...
  EXPECT_EQ(panel[36], rows[34 + 2]);  // ... beside the second's.
  EXPECT_EQ(panel[32 + 64], rows[6]);  // The first row's next four.
  EXPECT_EQ(panel.back(), rows.back());
}

TEST(Panels, MultiplyToTheSameBitsAsRowsWhateverTheNumberOfRows) {
  ThreadPool pool(2);
  for (const TensorType type : kQuantizedTypes) {
    for (const std::uint32_t rows : {5u, 16u, 67u}) {
      const std::uint32_t cols = 768, tokens = 3;
      const auto bytes = random_rows(type, rows, cols);
      std::vector<std::byte> panels(panel_count(rows) * panel_bytes(type, cols));
      for (std::uint32_t row = 0; row < rows; row += kPanelRows) {
        make_panel(type, bytes.data() + row * row_bytes(type, cols),
                   std::min<std::size_t>(kPanelRows, rows - row), row_bytes(type, cols),
                   cols / tensor_type_info(type).block_elements,
                   panels.data() + row / kPanelRows * panel_bytes(type, cols));
      }
      const WeightMatrix in_rows = {type, rows, cols, bytes.data(), false};
      const WeightMatrix in_panels = {type, rows, cols, panels.data(), true};
      std::vector<float> x(std::size_t{tokens} * cols);
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 37 % 101) - 50;
      for (const Arithmetic arithmetic : {Arithmetic::kInteger, Arithmetic::kFloat}) {
        Activations activations;
        activations.set(x, cols, arithmetic, pool);
        std::vector<float> a(std::size_t{tokens} * rows), b(a.size());
        multiply(in_rows, activations, a, pool);
        multiply(in_panels, activations, b, pool);
        EXPECT_EQ(a, b) << tensor_type_info(type).name << " " << rows;
      }
    }
  }
}

}  // namespace
}  // namespace saseo
