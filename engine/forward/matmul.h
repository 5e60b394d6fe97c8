// Products of weights with a batch of activations: the bulk of a forward pass.
//
// Integer path: activations are rounded to 8 bits per 32 or 16 columns (scale = largest magnitude /
// 127), weights are unpacked to 8-bit codes with a scale and an offset per group, products are
// exact integers. Float path: weights are dequantised, activations stay float32: the reference.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned_vector.h"
#include "base/thread_pool.h"
#include "engine/model/model.h"

namespace saseo {

enum class Arithmetic {
  kInteger,  // Quantised weights meet 8-bit activations. Float weights are not affected.
  kFloat,    // Slower, exact to float32: to test against.
};

// A weight matrix and where its product with a batch goes.
struct Product {
  const WeightMatrix* weights = nullptr;
  std::span<float> y;  // (tokens, rows)
};

// A batch of activation rows prepared for multiply(). Reusable: it keeps its memory.
// Thread-compatible.
class Activations {
 public:
  // x: (tokens, cols), borrowed until the next set(); quantised unless kFloat. fine: with a scale
  // per 16 columns, for rows in which few numbers are far larger than the others.
  void set(std::span<const float> x, std::uint32_t cols, Arithmetic arithmetic, ThreadPool& pool,
           bool fine = false);

  // set() in two steps, for callers whose loop over the batch also makes the rows: room for x, then
  // make() of its parts.
  void resize(std::span<const float> x, std::uint32_t cols, Arithmetic arithmetic,
              bool fine = false);

  // Calls write(token, first column, columns), which fills so much of x, and rounds it, on all
  // threads. whole_rows: `write` looks at whole rows, and only gets such.
  template <typename Write>
  void make(ThreadPool& pool, bool whole_rows, const Write& write) {
    const Parts parts = parts_for(pool.size(), whole_rows);
    pool.for_each(parts.groups * parts.stretches, [&](std::size_t part, std::size_t) {
      const std::size_t group = part / parts.stretches;
      const std::size_t first = part % parts.stretches * parts.cols;
      const std::size_t count = std::min<std::size_t>(parts.cols, cols_ - first);
      const std::size_t end = std::min<std::size_t>((group + 1) * parts.tokens, tokens_);
      for (std::size_t t = group * parts.tokens; t < end; ++t) {
        write(t, first, count);
        if (is_quantized()) quantize(t, first, count);
      }
    });
  }

  std::uint32_t tokens() const { return tokens_; }
  std::uint32_t cols() const { return cols_; }
  // Quantised rows hold whole blocks of 32; other widths only meet float weights.
  bool is_quantized() const { return arithmetic_ == Arithmetic::kInteger && cols_ % 32 == 0; }

 private:
  friend void multiply(std::span<const Product>, const Activations&, ThreadPool&);

  // What threads take of a batch: some columns of tokens that lie together, as those share cache
  // lines.
  struct Parts {
    std::size_t groups, tokens;
    std::size_t stretches, cols;
  };
  Parts parts_for(std::size_t threads, bool whole_rows) const;
  void quantize(std::size_t token, std::size_t first_col, std::size_t cols);

  const float* x_ = nullptr;
  std::uint32_t tokens_ = 0;
  std::uint32_t cols_ = 0;
  Arithmetic arithmetic_ = Arithmetic::kInteger;
  bool fine_ = false;
  // SaseoPanelActivations tells what they are.
  AlignedVector<std::int8_t> codes_;
  AlignedVector<float> scales_, shifts_;
  AlignedVector<std::int32_t> sums_16_, sums_32_;
};

// y (tokens, rows) = x (tokens, cols) W^T of each, in one go. A token's results do not depend on
// the others in the batch nor on the number of threads.
void multiply(std::span<const Product> products, const Activations& x, ThreadPool& pool);
void multiply(const WeightMatrix& w, const Activations& x, std::span<float> y, ThreadPool& pool);

}  // namespace saseo
