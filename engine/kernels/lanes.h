// Vectors of 16 lanes of 4 bytes: a register of the compiler's vector types where one is that wide,
// and pairs of halves of it where not. (The compiler would split wider vectors itself, but keep
// them in memory between any two operations.)
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "engine/kernels/kernel_table.h"

namespace {

constexpr int32_t kFloatZero = SASEO_FLOAT_ZERO;

#if defined(__AVX512F__)
constexpr size_t kRegisterBytes = 64;
#elif defined(__AVX2__)
constexpr size_t kRegisterBytes = 32;
#else
constexpr size_t kRegisterBytes = 16;
#endif
typedef uint32_t U32Register __attribute__((vector_size(kRegisterBytes)));
typedef int32_t I32Register __attribute__((vector_size(kRegisterBytes)));
typedef float F32Register __attribute__((vector_size(kRegisterBytes)));

// A number as a type, for what lambdas are to know when compiled.
template <int kNumber>
struct Number {
  static constexpr int kValue = kNumber;
};

template <typename V>
struct Pair {
  V low, high;
};
template <typename V>
Pair(V, V) -> Pair<V>;

template <typename V, size_t kBytes>
struct Wide {
  typedef Pair<typename Wide<V, kBytes / 2>::Type> Type;
};
template <typename V>
struct Wide<V, kRegisterBytes> {
  typedef V Type;
};
typedef Wide<U32Register, 64>::Type U32x16;
typedef Wide<I32Register, 64>::Type I32x16;
typedef Wide<F32Register, 64>::Type F32x16;

template <typename V>
inline void load(V& v, const void* p) {
  memcpy(&v, p, sizeof v);
}
template <typename V>
inline void load(Pair<V>& v, const void* p) {
  load(v.low, p);
  load(v.high, static_cast<const char*>(p) + sizeof v.low);
}

template <typename V>
inline void store(void* p, V v) {
  memcpy(p, &v, sizeof v);
}
template <typename V>
inline void store(void* p, Pair<V> v) {
  store(p, v.low);
  store(static_cast<char*>(p) + sizeof v.low, v.high);
}

inline void splat(U32Register& v, uint32_t value) { v = U32Register{} + value; }
inline void splat(I32Register& v, int32_t value) { v = I32Register{} + value; }
inline void splat(F32Register& v, float value) { v = value - F32Register{}; }  // -0 stays.
template <typename V, typename T>
inline void splat(Pair<V>& v, T value) {
  splat(v.low, value);
  v.high = v.low;
}

template <typename V>
inline Pair<V> operator+(Pair<V> a, Pair<V> b) {
  return {a.low + b.low, a.high + b.high};
}
template <typename V>
inline Pair<V> operator-(Pair<V> a, Pair<V> b) {
  return {a.low - b.low, a.high - b.high};
}
template <typename V>
inline Pair<V> operator*(Pair<V> a, Pair<V> b) {
  return {a.low * b.low, a.high * b.high};
}
template <typename V>
inline Pair<V> operator/(Pair<V> a, Pair<V> b) {
  return {a.low / b.low, a.high / b.high};
}
template <typename V>
inline Pair<V> operator-(Pair<V> a) {
  return {-a.low, -a.high};
}
template <typename V>
inline Pair<V> operator|(Pair<V> a, Pair<V> b) {
  return {a.low | b.low, a.high | b.high};
}

// With a number for all lanes.
template <typename V, typename T>
inline Pair<V> operator+(Pair<V> a, T b) {
  return {a.low + b, a.high + b};
}
template <typename V, typename T>
inline Pair<V> operator-(Pair<V> a, T b) {
  return {a.low - b, a.high - b};
}
template <typename V, typename T>
inline Pair<V> operator*(Pair<V> a, T b) {
  return {a.low * b, a.high * b};
}
template <typename V, typename T>
inline Pair<V> operator&(Pair<V> a, T b) {
  return {a.low & b, a.high & b};
}
template <typename V, typename T>
inline Pair<V> operator^(Pair<V> a, T b) {
  return {a.low ^ b, a.high ^ b};
}
template <typename V>
inline Pair<V> operator<<(Pair<V> a, int bits) {
  return {a.low << bits, a.high << bits};
}
template <typename V>
inline Pair<V> operator>>(Pair<V> a, int bits) {
  return {a.low >> bits, a.high >> bits};
}

// The numbers as floats.
inline F32Register to_f32(I32Register v) { return __builtin_convertvector(v, F32Register); }
template <typename V>
inline auto to_f32(Pair<V> v) {
  return Pair{to_f32(v.low), to_f32(v.high)};
}

// The same bits.
inline I32Register as_i32(U32Register v) { return reinterpret_cast<I32Register>(v); }
inline U32Register as_u32(F32Register v) { return reinterpret_cast<U32Register>(v); }
inline F32Register as_f32(U32Register v) { return reinterpret_cast<F32Register>(v); }
inline F32Register as_f32(I32Register v) { return reinterpret_cast<F32Register>(v); }
template <typename V>
inline auto as_i32(Pair<V> v) {
  return Pair{as_i32(v.low), as_i32(v.high)};
}
template <typename V>
inline auto as_u32(Pair<V> v) {
  return Pair{as_u32(v.low), as_u32(v.high)};
}
template <typename V>
inline auto as_f32(Pair<V> v) {
  return Pair{as_f32(v.low), as_f32(v.high)};
}

// a > b ? a : b, so b where a is not a number.
inline F32Register larger_of(F32Register a, F32Register b) { return a > b ? a : b; }
inline U32Register larger_of(U32Register a, U32Register b) { return a > b ? a : b; }
inline F32Register smaller_of(F32Register a, F32Register b) { return a < b ? a : b; }
inline F32Register where_below(U32Register bits, uint32_t limit, F32Register a, F32Register b) {
  return bits < limit ? a : b;
}
// What is not a number stays so.
inline F32Register keep_odd(F32Register x, F32Register result) { return x == x ? result : x; }
template <typename V>
inline Pair<V> larger_of(Pair<V> a, Pair<V> b) {
  return {larger_of(a.low, b.low), larger_of(a.high, b.high)};
}
template <typename V>
inline Pair<V> smaller_of(Pair<V> a, Pair<V> b) {
  return {smaller_of(a.low, b.low), smaller_of(a.high, b.high)};
}
template <typename U, typename V>
inline Pair<V> where_below(Pair<U> bits, uint32_t limit, Pair<V> a, Pair<V> b) {
  return {where_below(bits.low, limit, a.low, b.low),
          where_below(bits.high, limit, a.high, b.high)};
}
template <typename V>
inline Pair<V> keep_odd(Pair<V> x, Pair<V> result) {
  return {keep_odd(x.low, result.low), keep_odd(x.high, result.high)};
}

// Of the instruction-set file (panel_body.h says what they give), for a register.
template <bool kSigned>
inline I32Register dot_4(I32Register sums, U32Register codes, U32Register x);
inline F32Register fused(F32Register a, F32Register b, F32Register c);
inline F32Register scaled(I32Register sums, F32Register x_scale, F32Register x_shift);
inline U32Register levels_64(U32Register codes);
template <bool kSigned, typename I, typename U>
inline Pair<I> dot_4(Pair<I> sums, Pair<U> codes, Pair<U> x) {
  return {dot_4<kSigned>(sums.low, codes.low, x.low),
          dot_4<kSigned>(sums.high, codes.high, x.high)};
}
template <typename V>
inline Pair<V> fused(Pair<V> a, Pair<V> b, Pair<V> c) {
  return {fused(a.low, b.low, c.low), fused(a.high, b.high, c.high)};
}
template <typename I, typename F>
inline Pair<F> scaled(Pair<I> sums, Pair<F> x_scale, Pair<F> x_shift) {
  return {scaled(sums.low, x_scale.low, x_shift.low),
          scaled(sums.high, x_scale.high, x_shift.high)};
}
template <typename V>
inline Pair<V> levels_64(Pair<V> codes) {
  return {levels_64(codes.low), levels_64(codes.high)};
}

inline U32x16 load_u32(const uint8_t* p) {
  U32x16 v;
  load(v, p);
  return v;
}
inline F32x16 load_f32(const float* p) {
  F32x16 v;
  load(v, p);
  return v;
}
inline void store_f32(float* p, F32x16 v) { store(p, v); }

// n < 16 numbers, before zeros.
inline F32x16 load_some(const float* p, size_t n) {
  float some[16] = {};
  memcpy(some, p, 4 * n);
  return load_f32(some);
}
inline void store_some(float* p, size_t n, F32x16 v) {
  float all[16];
  store_f32(all, v);
  memcpy(p, all, 4 * n);
}

// 16 halfwords.
inline U32x16 widen_u16(const uint8_t* p) {
  uint16_t halves[16];
  memcpy(halves, p, 32);
  uint32_t words[16];
  for (int i = 0; i < 16; ++i) words[i] = halves[i];
  return load_u32(reinterpret_cast<const uint8_t*>(words));
}

inline U32x16 splat_u32(uint32_t value) {
  U32x16 v;
  splat(v, value);
  return v;
}
inline I32x16 splat_i32(int32_t value) {
  I32x16 v;
  splat(v, value);
  return v;
}
inline F32x16 splat_f32(float value) {
  F32x16 v;
  splat(v, value);
  return v;
}

// Their low bytes.
inline void store_bytes(int8_t* p, I32x16 v) {
  int32_t lanes[16];
  store(lanes, v);
  for (int i = 0; i < 16; ++i) p[i] = static_cast<int8_t>(lanes[i]);
}

// Lane i and i + 8, then what are lanes i and i + 4 ... : one order for all instruction sets.
template <typename T>
inline T sum_of_register(const void* v) {
  T lanes[kRegisterBytes / 4];
  memcpy(lanes, v, sizeof lanes);
  for (size_t n = kRegisterBytes / 8; n > 0; n /= 2) {
    for (size_t i = 0; i < n; ++i) lanes[i] += lanes[i + n];
  }
  return lanes[0];
}
#if defined(__AVX512F__)
template <typename V>
inline V other_half(V v) {
  return __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}
template <typename V>
inline V other_quarter(V v) {
  return __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
}
template <typename V>
inline V other_two(V v) {
  return __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
}
template <typename V>
inline auto sum_of_wide(V v) {
  v = v + other_half(v);
  v = v + other_quarter(v);
  v = v + other_two(v);
  return v[0] + v[1];
}
inline float sum_of_lanes(F32Register v) { return sum_of_wide(v); }
#else
inline float sum_of_lanes(F32Register v) { return sum_of_register<float>(&v); }
#endif
template <typename V>
inline auto sum_of_lanes(Pair<V> v) {
  return sum_of_lanes(v.low + v.high);
}

inline int32_t sum_of_bytes_16(const int8_t* p) {
#if defined(__AVX2__)
  // Sums of eight bytes without sign: each raised by 128.
  const __m128i raised =
      _mm_xor_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)), _mm_set1_epi8(-128));
  const __m128i sums = _mm_sad_epu8(raised, _mm_setzero_si128());
  return _mm_cvtsi128_si32(_mm_add_epi32(sums, _mm_unpackhi_epi64(sums, sums))) - 16 * 128;
#else
  int32_t sum = 0;
  for (int i = 0; i < 16; ++i) sum += p[i];
  return sum;
#endif
}

// Of numbers only.
inline float largest_lane(F32x16 v) {
  float lanes[16];
  store_f32(lanes, v);
  for (int half = 8; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i)
      lanes[i] = lanes[i + half] > lanes[i] ? lanes[i + half] : lanes[i];
  }
  return lanes[0];
}

// Lane i: the largest lane of v[i].
#if defined(__AVX512F__)
inline U32x16 largest_lanes(const U32x16 (&v)[16]) {
  // Of two vectors each a half, a quarter ... side by side.
  U32x16 eight[8], four[4], two[2];
  for (int i = 0; i < 8; ++i) {
    const U32x16 a = v[i], b = v[i + 8];
    eight[i] = larger_of(
        __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
        __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30,
                                31));
  }
  for (int i = 0; i < 4; ++i) {
    const U32x16 a = eight[i], b = eight[i + 4];
    four[i] = larger_of(
        __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
        __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31));
  }
  for (int i = 0; i < 2; ++i) {
    const U32x16 a = four[i], b = four[i + 2];
    two[i] = larger_of(
        __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
        __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31));
  }
  const U32x16 a = two[0], b = two[1];
  return larger_of(
      __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
      __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31));
}
#else
inline U32x16 largest_lanes(const U32x16 (&v)[16]) {
  uint32_t largest[16];
  for (int i = 0; i < 16; ++i) {
    uint32_t lanes[16];
    store(lanes, v[i]);
    largest[i] = 0;
    for (const uint32_t lane : lanes) largest[i] = lane > largest[i] ? lane : largest[i];
  }
  return load_u32(reinterpret_cast<const uint8_t*>(largest));
}
#endif

// Two groups of four numbers, each twice.
inline F32x16 each_four_twice(const float* p) {
  float lanes[16];
  for (int i = 0; i < 16; ++i) lanes[i] = p[i / 8 * 4 + i % 4];
  return load_f32(lanes);
}

}  // namespace
