// Rows of quantised weights in a common form, so that few dot products serve every type. A type has
// one scale per group of 32 or 16 elements and is of one of two kinds:
//
//   value[i] = scales[i / group] * codes[i] + offsets[i / group]     codes 0..127
//   value[i] = scales[i / group] * (signed char)codes[i]             offsets are not written
//
// This file holds the plain C++ of every type and is compiled once per instruction set (the
// matmul_*.cpp): the compiler vectorises the loops, contraction is off, so that all give the same
// bits. Block layouts are those of GGUF files; each function names its own.
//
// It must not include anything that has inline functions of external linkage.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace {

// Asks for the weights that this thread will read about a microsecond from now.
void fetch_ahead(const uint8_t* block, size_t bytes) {
  constexpr size_t kAhead = 2048;
  for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch(block + kAhead + i);
}

float float_of_half(const uint8_t* bytes) {
  uint16_t half;
  memcpy(&half, bytes, 2);
#if defined(__F16C__)
  return _cvtsh_ss(half);
#elif defined(__aarch64__)
  __fp16 value;
  memcpy(&value, &half, 2);
  return value;
#else
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000u) << 16;
  const uint32_t rest = half & 0x7FFFu;
  uint32_t bits;
  if (rest >= 0x7C00u) {
    bits = 0x7F800000u | ((rest & 0x3FFu) << 13);
  } else if (rest >= 0x0400u) {
    bits = (rest << 13) + (112u << 23);
  } else {  // Subnormal: rest * 2^-24.
    const float value = static_cast<float>(rest) * 5.9604644775390625e-08f;
    memcpy(&bits, &value, 4);
  }
  bits |= sign;
  float value;
  memcpy(&value, &bits, 4);
  return value;
#endif
}

void unpack_nibbles_16(const uint8_t* packed, uint8_t* codes) {
#if defined(__AVX2__)
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(packed));
  const __m256i both = _mm256_set_m128i(_mm_srli_epi16(bytes, 4), bytes);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(codes),
                      _mm256_and_si256(both, _mm256_set1_epi8(0x0F)));
#else
  for (int j = 0; j < 16; ++j) codes[j] = packed[j] & 0x0F;
  for (int j = 0; j < 16; ++j) codes[j + 16] = packed[j] >> 4;
#endif
}

// half d | 16 bytes: low nibbles are elements 0-15, high nibbles 16-31;  d * (q - 8)
void unpack_q4_0(const uint8_t* row, size_t cols, uint8_t* codes, float* scales, float* offsets) {
  for (size_t b = 0; b < cols / 32; ++b, row += 18, codes += 32) {
    fetch_ahead(row, 18);
    const float d = float_of_half(row);
    unpack_nibbles_16(row + 2, codes);
    scales[b] = d;
    offsets[b] = -8.0f * d;
  }
}

// half d, half m | 16 bytes as above;  d * q + m
void unpack_q4_1(const uint8_t* row, size_t cols, uint8_t* codes, float* scales, float* offsets) {
  for (size_t b = 0; b < cols / 32; ++b, row += 20, codes += 32) {
    fetch_ahead(row, 20);
    unpack_nibbles_16(row + 4, codes);
    scales[b] = float_of_half(row);
    offsets[b] = float_of_half(row + 2);
  }
}

// The fifth bits of 32 elements: bit j of a little-endian word belongs to element j.
void add_fifth_bits(const uint8_t* high, uint8_t* codes) {
  for (int j = 0; j < 32; ++j) {
    codes[j] = static_cast<uint8_t>(codes[j] | (((high[j / 8] >> (j % 8)) & 1) << 4));
  }
}

// half d | 4 bytes of fifth bits | 16 bytes of nibbles;  d * (q - 16)
void unpack_q5_0(const uint8_t* row, size_t cols, uint8_t* codes, float* scales, float* offsets) {
  for (size_t b = 0; b < cols / 32; ++b, row += 22, codes += 32) {
    fetch_ahead(row, 22);
    const float d = float_of_half(row);
    unpack_nibbles_16(row + 6, codes);
    add_fifth_bits(row + 2, codes);
    scales[b] = d;
    offsets[b] = -16.0f * d;
  }
}

// half d, half m | 4 bytes of fifth bits | 16 bytes of nibbles;  d * q + m
void unpack_q5_1(const uint8_t* row, size_t cols, uint8_t* codes, float* scales, float* offsets) {
  for (size_t b = 0; b < cols / 32; ++b, row += 24, codes += 32) {
    fetch_ahead(row, 24);
    unpack_nibbles_16(row + 8, codes);
    add_fifth_bits(row + 4, codes);
    scales[b] = float_of_half(row);
    offsets[b] = float_of_half(row + 2);
  }
}

// half d | 32 signed bytes;  d * q
void unpack_q8_0(const uint8_t* row, size_t cols, uint8_t* codes, float* scales) {
  for (size_t b = 0; b < cols / 32; ++b, row += 34, codes += 32) {
    fetch_ahead(row, 34);
    scales[b] = float_of_half(row);
    memcpy(codes, row + 2, 32);
  }
}

// 16 bytes: scale (low nibble) and minimum (high) per 16 elements | 64 bytes of 2-bit codes, each
// byte holding elements l, l + 32, l + 64, l + 96 of its half | half d, half dmin;
// d * scale * q - dmin * minimum
void unpack_q2_k(const uint8_t* row, size_t cols, uint8_t* codes, float* scales, float* offsets) {
  for (size_t b = 0; b < cols / 256; ++b, row += 84, codes += 256, scales += 16, offsets += 16) {
    fetch_ahead(row, 84);
    const float d = float_of_half(row + 80);
    const float dmin = float_of_half(row + 82);
    for (int g = 0; g < 16; ++g) {
      scales[g] = d * static_cast<float>(row[g] & 0x0F);
      offsets[g] = -dmin * static_cast<float>(row[g] >> 4);
    }
    for (int half = 0; half < 2; ++half) {
      const uint8_t* packed = row + 16 + 32 * half;
      for (int part = 0; part < 4; ++part) {
        uint8_t* out = codes + 128 * half + 32 * part;
        for (int l = 0; l < 32; ++l) out[l] = (packed[l] >> (2 * part)) & 3;
      }
    }
  }
}

// 32 bytes of third bits (bit 4 * half + part) | 64 bytes of 2-bit codes as in Q2_K | 12 bytes of
// 6-bit scales | half d;  d * (scale - 32) * (q - 4)
void unpack_q3_k(const uint8_t* row, size_t cols, uint8_t* codes, float* scales, float* offsets) {
  for (size_t b = 0; b < cols / 256; ++b, row += 110, codes += 256, scales += 16, offsets += 16) {
    fetch_ahead(row, 110);
    const float d = float_of_half(row + 108);
    const uint8_t* six = row + 96;
    for (int g = 0; g < 16; ++g) {
      const int low = g < 8 ? six[g] & 0x0F : six[g - 8] >> 4;
      const int high = (six[8 + g % 4] >> (2 * (g / 4))) & 3;
      scales[g] = d * static_cast<float>((low | (high << 4)) - 32);
      offsets[g] = -4.0f * scales[g];
    }
    for (int half = 0; half < 2; ++half) {
      const uint8_t* packed = row + 32 + 32 * half;
      for (int part = 0; part < 4; ++part) {
        uint8_t* out = codes + 128 * half + 32 * part;
        const int bit = 4 * half + part;
        for (int l = 0; l < 32; ++l) {
          out[l] =
              static_cast<uint8_t>(((packed[l] >> (2 * part)) & 3) | (((row[l] >> bit) & 1) << 2));
        }
      }
    }
  }
}

// The 8 scales and 8 minima of 6 bits each that Q4_K and Q5_K keep in 12 bytes, four to a word: the
// first four have their own bytes, the others' high bits are those bytes' spare ones.
void unpack_six_bit_pairs(const uint8_t* packed, uint8_t* scales, uint8_t* minima) {
  uint32_t words[3], out[4];
  memcpy(words, packed, 12);
  out[0] = words[0] & 0x3F3F3F3Fu;
  out[1] = (words[2] & 0x0F0F0F0Fu) | (((words[0] >> 6) & 0x03030303u) << 4);
  out[2] = words[1] & 0x3F3F3F3Fu;
  out[3] = ((words[2] >> 4) & 0x0F0F0F0Fu) | (((words[1] >> 6) & 0x03030303u) << 4);
  memcpy(scales, out, 8);
  memcpy(minima, out + 2, 8);
}

// out[j] = factor * codes[j], j < 8
void scale_8(float factor, const uint8_t* codes, float* out) {
#if defined(__AVX2__)
  const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes));
  _mm256_storeu_ps(
      out, _mm256_mul_ps(_mm256_set1_ps(factor), _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes))));
#else
  for (int j = 0; j < 8; ++j) out[j] = factor * static_cast<float>(codes[j]);
#endif
}

void set_k_scales(const uint8_t* row, float* scales, float* offsets) {
  uint8_t scale[8], minimum[8];
  unpack_six_bit_pairs(row + 4, scale, minimum);
  scale_8(float_of_half(row), scale, scales);
  scale_8(-float_of_half(row + 2), minimum, offsets);
}

// half d, half dmin | 12 bytes of scales and minima | 128 bytes: of each 32 bytes the low nibbles
// are 32 elements, the high nibbles the next 32;  d * scale * q - dmin * minimum
void unpack_q4_k(const uint8_t* row, size_t cols, uint8_t* codes, float* scales, float* offsets) {
  for (size_t b = 0; b < cols / 256; ++b, row += 144, codes += 256, scales += 8, offsets += 8) {
    fetch_ahead(row, 144);
    set_k_scales(row, scales, offsets);
    for (int part = 0; part < 4; ++part) {
      const uint8_t* packed = row + 16 + 32 * part;
      uint8_t* out = codes + 64 * part;
      for (int l = 0; l < 32; ++l) out[l] = packed[l] & 0x0F;
      for (int l = 0; l < 32; ++l) out[l + 32] = packed[l] >> 4;
    }
  }
}

// half d, half dmin | 12 bytes of scales and minima | 32 bytes of fifth bits (bit 2 * part, then
// 2 * part + 1) | 128 bytes as in Q4_K;  d * scale * q - dmin * minimum
void unpack_q5_k(const uint8_t* row, size_t cols, uint8_t* codes, float* scales, float* offsets) {
  for (size_t b = 0; b < cols / 256; ++b, row += 176, codes += 256, scales += 8, offsets += 8) {
    fetch_ahead(row, 176);
    set_k_scales(row, scales, offsets);
    const uint8_t* high = row + 16;
    for (int part = 0; part < 4; ++part) {
      const uint8_t* packed = row + 48 + 32 * part;
      uint8_t* out = codes + 64 * part;
      for (int l = 0; l < 32; ++l) {
        out[l] = static_cast<uint8_t>((packed[l] & 0x0F) | (((high[l] >> (2 * part)) & 1) << 4));
      }
      for (int l = 0; l < 32; ++l) {
        out[l + 32] =
            static_cast<uint8_t>((packed[l] >> 4) | (((high[l] >> (2 * part + 1)) & 1) << 4));
      }
    }
  }
}

// 128 bytes of low nibbles | 64 bytes of high bit pairs | 16 signed scales | half d;
// d * scale * (q - 32)
void unpack_q6_k(const uint8_t* row, size_t cols, uint8_t* codes, float* scales, float* offsets) {
  for (size_t b = 0; b < cols / 256; ++b, row += 210, codes += 256, scales += 16, offsets += 16) {
    fetch_ahead(row, 210);
    const float d = float_of_half(row + 208);
    for (int g = 0; g < 16; ++g) {
      scales[g] = d * static_cast<float>(static_cast<int8_t>(row[192 + g]));
      offsets[g] = -32.0f * scales[g];
    }
    for (int half = 0; half < 2; ++half) {
      const uint8_t* low = row + 64 * half;
      const uint8_t* high = row + 128 + 32 * half;
      uint8_t* out = codes + 128 * half;
      for (int l = 0; l < 32; ++l) {
        out[l] = static_cast<uint8_t>((low[l] & 0x0F) | ((high[l] & 3) << 4));
      }
      for (int l = 0; l < 32; ++l) {
        out[l + 32] = static_cast<uint8_t>((low[l + 32] & 0x0F) | (((high[l] >> 2) & 3) << 4));
      }
      for (int l = 0; l < 32; ++l) {
        out[l + 64] = static_cast<uint8_t>((low[l] >> 4) | (((high[l] >> 4) & 3) << 4));
      }
      for (int l = 0; l < 32; ++l) {
        out[l + 96] = static_cast<uint8_t>((low[l + 32] >> 4) | ((high[l] >> 6) << 4));
      }
    }
  }
}

// The 16 levels of the non-linear 4-bit types.
constexpr int8_t kLevels[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                1,    13,   25,  38,  53,  69,  89,  113};

void unpack_levels_16(const uint8_t* packed, uint8_t* codes) {
#if defined(__AVX2__)
  const __m128i levels = _mm_loadu_si128(reinterpret_cast<const __m128i*>(kLevels));
  const __m128i low_bits = _mm_set1_epi8(0x0F);
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(packed));
  const __m128i low = _mm_shuffle_epi8(levels, _mm_and_si128(bytes, low_bits));
  const __m128i high = _mm_shuffle_epi8(levels, _mm_and_si128(_mm_srli_epi16(bytes, 4), low_bits));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(codes), low);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(codes + 16), high);
#else
  for (int j = 0; j < 16; ++j) codes[j] = static_cast<uint8_t>(kLevels[packed[j] & 0x0F]);
  for (int j = 0; j < 16; ++j) codes[j + 16] = static_cast<uint8_t>(kLevels[packed[j] >> 4]);
#endif
}

// half d | 16 bytes of nibbles;  d * level[q]
void unpack_iq4_nl(const uint8_t* row, size_t cols, uint8_t* codes, float* scales) {
  for (size_t b = 0; b < cols / 32; ++b, row += 18, codes += 32) {
    fetch_ahead(row, 18);
    scales[b] = float_of_half(row);
    unpack_levels_16(row + 2, codes);
  }
}

// half d | 2 bytes of high scale bits | 4 bytes of low scale nibbles | 128 bytes of nibbles;
// d * (scale - 32) * level[q], a scale per 32 elements
void unpack_iq4_xs(const uint8_t* row, size_t cols, uint8_t* codes, float* scales) {
  for (size_t b = 0; b < cols / 256; ++b, row += 136, codes += 256, scales += 8) {
    fetch_ahead(row, 136);
    const float d = float_of_half(row);
    const unsigned high = static_cast<unsigned>(row[2]) | (static_cast<unsigned>(row[3]) << 8);
    for (size_t g = 0; g < 8; ++g) {
      const unsigned low = (row[4 + g / 2] >> (4 * (g % 2))) & 0x0F;
      scales[g] =
          d * static_cast<float>(static_cast<int>(low | (((high >> (2 * g)) & 3) << 4)) - 32);
      unpack_levels_16(row + 8 + 16 * g, codes + 32 * g);
    }
  }
}

void widen_f32(const uint8_t* row, size_t cols, float* out) { memcpy(out, row, 4 * cols); }

void widen_f16(const uint8_t* row, size_t cols, float* out) {
  size_t i = 0;
#if defined(__F16C__)
  for (; i + 8 <= cols; i += 8) {
    const __m128i halves = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + 2 * i));
    _mm256_storeu_ps(out + i, _mm256_cvtph_ps(halves));
  }
#endif
  for (; i < cols; ++i) out[i] = float_of_half(row + 2 * i);
}

void widen_bf16(const uint8_t* row, size_t cols, float* out) {
  for (size_t i = 0; i < cols; ++i) {
    uint16_t half;
    memcpy(&half, row + 2 * i, 2);
    const uint32_t bits = static_cast<uint32_t>(half) << 16;
    memcpy(out + i, &bits, 4);
  }
}

// `type` is a number of TensorType (engine/files/tensor_type.h).
void unpack_row_of_type(uint32_t type, const uint8_t* row, size_t cols, uint8_t* codes,
                        float* scales, float* offsets) {
  switch (type) {
    case 2:
      return unpack_q4_0(row, cols, codes, scales, offsets);
    case 3:
      return unpack_q4_1(row, cols, codes, scales, offsets);
    case 6:
      return unpack_q5_0(row, cols, codes, scales, offsets);
    case 7:
      return unpack_q5_1(row, cols, codes, scales, offsets);
    case 8:
      return unpack_q8_0(row, cols, codes, scales);
    case 10:
      return unpack_q2_k(row, cols, codes, scales, offsets);
    case 11:
      return unpack_q3_k(row, cols, codes, scales, offsets);
    case 12:
      return unpack_q4_k(row, cols, codes, scales, offsets);
    case 13:
      return unpack_q5_k(row, cols, codes, scales, offsets);
    case 14:
      return unpack_q6_k(row, cols, codes, scales, offsets);
    case 20:
      return unpack_iq4_nl(row, cols, codes, scales);
    case 23:
      return unpack_iq4_xs(row, cols, codes, scales);
    default:
      return;
  }
}

// F32, F16 and BF16.
void widen_row_of_type(uint32_t type, const uint8_t* row, size_t cols, float* out) {
  switch (type) {
    case 0:
      return widen_f32(row, cols, out);
    case 1:
      return widen_f16(row, cols, out);
    case 30:
      return widen_bf16(row, cols, out);
    default:
      return;
  }
}

}  // namespace
