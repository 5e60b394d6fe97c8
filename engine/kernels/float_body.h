// Products of weights that are floats in the file (F32, F16, BF16), against activations as floats.
//
// Columns of 16 rows are turned so that a row is a lane (turn_floats) and stay in the first-level
// cache while all tokens pass (multiply_floats). A result is the sum of its chunks of columns, each
// summed column by column: the same whatever else is in the call.
//
// Compiled per instruction set (the matmul_*.cpp), which gives before including it
//
//   fused(a, b, c)                 a * b + c
//   kFloatPanels, kFloatTokens     how much of a product its registers hold: 1 or 2 panels
//
// It must not include anything that has inline functions of external linkage.
namespace {

constexpr size_t kLanes = kRegisterBytes / 4;

#if defined(__AVX512F__)
#define SASEO_ZIP_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define SASEO_ZIP_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif defined(__AVX2__)
#define SASEO_ZIP_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define SASEO_ZIP_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#else
#define SASEO_ZIP_LOW 0, 4, 1, 5
#define SASEO_ZIP_HIGH 2, 6, 3, 7
#endif

// A square of kLanes x kLanes numbers: after log2(kLanes) interleavings of its halves rows are
// columns.
inline void turn_square(F32Register* v) {
  for (size_t n = 1; n < kLanes; n *= 2) {
    F32Register out[kLanes];
    for (size_t i = 0; i < kLanes / 2; ++i) {
      out[2 * i] = __builtin_shufflevector(v[i], v[i + kLanes / 2], SASEO_ZIP_LOW);
      out[2 * i + 1] = __builtin_shufflevector(v[i], v[i + kLanes / 2], SASEO_ZIP_HIGH);
    }
    memcpy(v, out, sizeof out);
  }
}

void turn_floats(uint32_t type, const uint8_t* rows, size_t count, size_t stride, size_t cols,
                 float* turned) {
  alignas(64) float wide[16][SASEO_FLOAT_CHUNK];
  const size_t whole = (cols + kLanes - 1) / kLanes * kLanes;
  const size_t bytes = cols * (type == 0 ? 4 : 2);
  for (size_t r = 0; r < 16; ++r) {
    const uint8_t* row = rows + r * stride;
    if (r < count) widen_row_of_type(type, row, cols, wide[r]);
    for (size_t i = 0; i < bytes && r < count; i += 64) __builtin_prefetch(row + bytes + i);
    for (size_t i = r < count ? cols : 0; i < whole; ++i) wide[r][i] = 0;
  }
  for (size_t r = 0; r < 16; r += kLanes) {
    for (size_t c = 0; c < whole; c += kLanes) {
      F32Register v[kLanes];
#pragma GCC unroll 16
      for (size_t i = 0; i < kLanes; ++i) load(v[i], &wide[r + i][c]);
      turn_square(v);
#pragma GCC unroll 16
      for (size_t i = 0; i < kLanes; ++i) store(turned + 16 * (c + i) + r, v[i]);
    }
  }
}

template <int kPanels, int kTokens>
void multiply_float_tile(const float* w, size_t cols, const float* x, size_t x_stride, float* y,
                         size_t y_stride, bool first) {
  F32x16 sum[kPanels][kTokens];
  for (int p = 0; p < kPanels; ++p) {
    for (int t = 0; t < kTokens; ++t) sum[p][t] = splat_f32(0);
  }
  for (size_t i = 0; i < cols; ++i) {
    F32x16 a[kPanels];
    for (int p = 0; p < kPanels; ++p)
      a[p] = load_f32(w + 16 * (static_cast<size_t>(p) * SASEO_FLOAT_CHUNK + i));
    for (int t = 0; t < kTokens; ++t) {
      const F32x16 b = splat_f32(x[static_cast<size_t>(t) * x_stride + i]);
      for (int p = 0; p < kPanels; ++p) sum[p][t] = fused(a[p], b, sum[p][t]);
    }
  }
  for (int t = 0; t < kTokens; ++t) {
    for (int p = 0; p < kPanels; ++p) {
      float* to = y + static_cast<size_t>(t) * y_stride + 16 * p;
      store_f32(to, first ? sum[p][t] : load_f32(to) + sum[p][t]);
    }
  }
}

void multiply_floats(const float* w, size_t panels, size_t cols, const float* x, size_t x_stride,
                     size_t tokens, float* y, size_t y_stride, bool first) {
  size_t t = 0;
  const auto tiles = [&](auto size) {
    constexpr int kTokens = decltype(size)::kValue;
    for (; t + kTokens <= tokens; t += kTokens) {
      size_t p = 0;
      const auto pass = [&](auto together) {
        constexpr int kPanels = decltype(together)::kValue;
        for (; p + kPanels <= panels; p += kPanels)
          multiply_float_tile<kPanels, kTokens>(w + 16 * p * SASEO_FLOAT_CHUNK, cols,
                                                x + t * x_stride, x_stride,
                                                y + t * y_stride + 16 * p, y_stride, first);
      };
      pass(Number<kFloatPanels>{});
      pass(Number<1>{});
    }
  };
  tiles(Number<kFloatTokens>{});
  tiles(Number<kFloatTokens / 2>{});
  tiles(Number<1>{});
}

}  // namespace
