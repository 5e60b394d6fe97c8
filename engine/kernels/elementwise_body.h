// The functions of a forward pass that work number by number. Written once with the compiler's
// vector types (lanes.h) and compiled per instruction set.
//
// It must not include anything that has inline functions of external linkage.
namespace {

// e^x within 2 units in the last place for x from -87 to 88; beyond, as at the end. e^x = 2^n e^r
// with n = round(x / ln 2); e^r by its Taylor polynomial to r^6, |r| <= ln 2 / 2.
inline F32x16 exp_16(F32x16 x) {
  const F32x16 low = splat_f32(-87.0f), high = splat_f32(88.0f);
  x = smaller_of(larger_of(x, low), high);  // What is not a number becomes the lowest.
  // Adding 1.5 * 2^23 rounds to the nearest integer, which then stands in the low bits.
  const F32x16 rounder = splat_f32(12582912.0f);
  const F32x16 shifted = fused(x, splat_f32(1.44269504089f), rounder);
  const F32x16 n = shifted - rounder;
  // ln 2 in two parts: the first times n is exact.
  F32x16 r = fused(n, splat_f32(-0.693359375f), x);
  r = fused(n, splat_f32(2.12194440e-4f), r);
  F32x16 p = splat_f32(1.0f / 720);
  p = fused(p, r, splat_f32(1.0f / 120));
  p = fused(p, r, splat_f32(1.0f / 24));
  p = fused(p, r, splat_f32(1.0f / 6));
  p = fused(p, r, splat_f32(0.5f));
  p = fused(p, r, splat_f32(1.0f));
  p = fused(p, r, splat_f32(1.0f));
  const U32x16 power = (as_u32(shifted) << 23) + 0x3F800000u;  // 2^n
  return p * as_f32(power);
}

inline F32x16 tanh_16(F32x16 x) {
  const F32x16 one = splat_f32(1.0f);
  return one - splat_f32(2.0f) / (exp_16(x + x) + one);
}

// cap * tanh(x / cap)
inline F32x16 capped_16(F32x16 x, float cap) {
  return keep_odd(x, splat_f32(cap) * tanh_16(x * splat_f32(1.0f / cap)));
}

// Calls step(vector) on the numbers by 16, the last ones with zeros behind them.
template <typename Step>
void map_in_place(float* x, size_t n, const Step& step) {
  size_t i = 0;
  for (; i + 16 <= n; i += 16) store_f32(x + i, step(load_f32(x + i), i));
  if (i == n) return;
  store_some(x + i, n - i, step(load_some(x + i, n - i), i));
}

void soft_cap(float* x, size_t n, float cap) {
  map_in_place(x, n, [&](F32x16 v, size_t) { return capped_16(v, cap); });
}

void gelu_times(float* gate, const float* up, size_t n) {
  map_in_place(gate, n, [&](F32x16 x, size_t i) {
    const F32x16 factor = n - i < 16 ? load_some(up + i, n - i) : load_f32(up + i);
    const F32x16 cubed = splat_f32(0.044715f) * x * x * x;
    const F32x16 t = tanh_16(splat_f32(0.7978845608028654f) * (x + cubed));  // sqrt(2 / pi)
    return keep_odd(x, splat_f32(0.5f) * x * (splat_f32(1.0f) + t)) * factor;
  });
}

// The scales of the codes of columns whose largest magnitudes are these, and their inverses.
inline void code_scales(F32x16 largest, F32x16* scales, F32x16* inverses) {
  constexpr uint32_t kInfinity = 0x7F800000u, kNoNumber = 0x7FC00000u,
                     kTiny = 0x0DA24260u;  // 1e-30
  const U32x16 bits = as_u32(largest);
  // Of the smallest numbers the inverse overflows; they count as nothing.
  const F32x16 inverse = splat_f32(127.0f) / largest;
  *inverses = where_below(bits, kInfinity, where_below(bits, kTiny, F32x16{}, inverse), F32x16{});
  const F32x16 scale =
      where_below(bits, kInfinity, largest / splat_f32(127.0f), as_f32(splat_u32(kNoNumber)));
  *scales = as_f32(as_u32(scale) & ~3u);
}

// code = round(x / scale), scale = largest |x| / 127 of 32 columns, or of 16.
void quantize_row(const float* x, size_t blocks, bool fine, size_t lane, int8_t* codes,
                  float* scales, float* shifts, int32_t* sums_16, int32_t* sums_32) {
  constexpr size_t kGroup = SASEO_X_GROUP;
  const size_t parts = fine ? 2 : 1, columns = 32 / parts, all = parts * blocks;
  for (size_t first = 0; first < all; first += 16) {
    const size_t count = all - first < 16 ? all - first : 16;
    U32x16 magnitudes[16];
    for (size_t i = 0; i < 16; ++i) {
      // They order as their bits do, above them what is not a number.
      const float* from = x + (i < count ? first + i : first) * columns;
      magnitudes[i] = as_u32(load_f32(from)) & 0x7FFFFFFFu;
      if (!fine)
        magnitudes[i] = larger_of(magnitudes[i], as_u32(load_f32(from + 16)) & 0x7FFFFFFFu);
    }
    const U32x16 largest = largest_lanes(magnitudes);
    F32x16 scale_of, inverse_of;
    code_scales(as_f32(largest), &scale_of, &inverse_of);
    float scale[16], shift[16], inverse[16];
    store_f32(scale, scale_of);
    store_f32(shift, splat_f32(-12582912.0f) * scale_of);
    store_f32(inverse, inverse_of);
    for (size_t i = 0; i < count; ++i) {
      scales[(first + i) * kGroup + lane] = scale[i];
      shifts[(first + i) * kGroup + lane] = shift[i];
      for (size_t half = (first + i) * columns / 16; half < (first + i + 1) * columns / 16;
           ++half) {
        const F32x16 v = scale[i] == scale[i] ? load_f32(x + 16 * half) : F32x16{};
        // Adding 1.5 * 2^23 rounds to the nearest integer, which then stands in the low bits.
        const I32x16 code = as_i32(as_u32(v * inverse[i] + 12582912.0f)) - kFloatZero;
        int8_t bytes[16];
        store_bytes(bytes, code);
        for (size_t q = 0; q < 4; ++q)
          memcpy(codes + 4 * ((4 * half + q) * kGroup + lane), bytes + 4 * q, 4);
        sums_16[half * kGroup + lane] = sum_of_bytes_16(bytes);
      }
    }
  }
  for (size_t b = 0; b < blocks; ++b)
    sums_32[b * kGroup + lane] =
        sums_16[2 * b * kGroup + lane] + sums_16[(2 * b + 1) * kGroup + lane];
}

// out = x / sqrt(mean(x^2) + epsilon) * weight
void rms_norm(const float* x, const float* weight, size_t n, float epsilon, float* out) {
  F32x16 squares[2] = {};
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    for (int j = 0; j < 2; ++j) {
      const F32x16 v = load_f32(x + i + 16 * j);
      squares[j] = fused(v, v, squares[j]);
    }
  }
  float sum = sum_of_lanes(squares[0] + squares[1]);
  for (size_t j = i; j < n; ++j) sum += x[j] * x[j];
  const float scale = 1.0f / __builtin_sqrtf(sum / static_cast<float>(n) + epsilon);
  for (i = 0; i < n; ++i) out[i] = x[i] * scale * weight[i];
}

// x += added; the sum of what |x| then are, which is finite as they are.
float add_row(float* x, const float* added, size_t n) {
  F32x16 sizes = {};
  map_in_place(x, n, [&](F32x16 v, size_t i) {
    v = v + (n - i < 16 ? load_some(added + i, n - i) : load_f32(added + i));
    sizes = sizes + as_f32(as_u32(v) & 0x7FFFFFFFu);
    return v;
  });
  return sum_of_lanes(sizes);
}

}  // namespace
