// Products of weights with a batch of activations: the bulk of a forward pass.
//
// Integer path: activations are rounded to 8 bits per 16 columns (scale = largest magnitude / 127),
// weights are unpacked to 8-bit codes with a scale and an offset per group, products are exact
// integers. Float path: weights are dequantised, activations stay float32: the reference.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "engine/model.h"

namespace saseo {

enum class Arithmetic {
  kInteger,  // Quantised weights meet 8-bit activations. Float weights are not affected.
  kFloat,    // Slower, exact to float32: to test against.
};

// A batch of activation rows prepared for multiply(). Reusable: set() keeps its memory.
// Thread-compatible.
class Activations {
 public:
  // x: (tokens, cols), borrowed until the next set(); quantised unless kFloat.
  void set(std::span<const float> x, std::uint32_t cols, Arithmetic arithmetic, ThreadPool& pool);

  std::uint32_t tokens() const { return tokens_; }
  std::uint32_t cols() const { return cols_; }
  Arithmetic arithmetic() const { return arithmetic_; }

 private:
  friend void multiply(const WeightMatrix&, const Activations&, std::span<float>, ThreadPool&);
  void multiply_tile(const WeightMatrix& w, std::size_t tile, float* y) const;

  const float* x_ = nullptr;
  std::uint32_t tokens_ = 0;
  std::uint32_t cols_ = 0;
  Arithmetic arithmetic_ = Arithmetic::kInteger;
  std::vector<std::int8_t> codes_;  // (tokens, cols)
  std::vector<float> scales_;       // (tokens, cols / 16)
  std::vector<float> sums_16_;      // (tokens, cols / 16), scale * sum of the codes
  std::vector<float> sums_32_;      // (tokens, cols / 32)
};

// y (tokens, rows) = x (tokens, cols) W^T. A token's results do not depend on the others in the
// batch nor on the number of threads.
void multiply(const WeightMatrix& w, const Activations& x, std::span<float> y, ThreadPool& pool);

// out: (cols), the row as float32.
void dequantize_row(const WeightMatrix& w, std::size_t row, std::span<float> out);

}  // namespace saseo
