// Products of quantised weights that lie in panels (engine/panels.h): 16 rows side by side, so that
// a row is a lane and a vector load brings the same four columns of 16 rows.
//
// A panel is first unpacked, some columns at a time, to a common form that fits the first-level
// cache, and then meets all tokens. In groups of 16 or 32 columns
//
//   weight = scale * (code - zero) + offset         codes 0..255, or -128..127 where signed
//
// Written once with the compiler's vector types and compiled per instruction set (the
// matmul_*.cpp), which gives before including it
//
//   dot_4<is_signed>(sums, codes, x)   sums[r] += codes[r, 0..3] . x[0..3]
//   fused(a, b, c)                     a * b + c
//   halves_16(bytes)                   16 halves as floats
//   levels_64(codes)                   the levels of 64 codes of the non-linear types (kLevels)
//   kTilePanels, kTileTokens           how much of a product its registers hold
//   kSignedCodes                       whether it wants codes -128..127 signed, or raised by 128
//   kMatrixProducts                    whether it has, for two tokens at once, in sums a and b that
//                                      interleave their tokens
//     dot_8(a, b, low, high, x, x')      adds codes[r, 0..7] . x[0..7] of each token
//     separate(a, b)                     a: the sums of the first token, b: of the second
//
// It must not include anything that has inline functions of external linkage.
namespace {

// Byte `i` of each lane, unsigned or signed, as a float.
inline F32x16 byte_of(U32x16 v, int i) { return to_f32(as_i32((v >> (8 * i)) & 0xFF)); }
inline F32x16 signed_byte_of(U32x16 v, int i) { return to_f32(as_i32(v << (24 - 8 * i)) >> 24); }

// Where a panel's common form is written, block by block of 32 columns.
struct PanelWriter {
  uint8_t* codes;  // (blocks, 8 quads, 16 rows, 4)
  float* scales;   // (blocks, groups, 16 rows)
  float* offsets;  // as scales
  size_t groups;

  void code(size_t block, size_t quad, U32x16 v) const {
    store(codes + (block * 8 + quad) * 64, v);
  }
  void scale(size_t block, size_t group, F32x16 v) const {
    store_f32(scales + (block * groups + group) * 16, v);
  }
  void offset(size_t block, size_t group, F32x16 v) const {
    store_f32(offsets + (block * groups + group) * 16, v);
  }
};

constexpr uint32_t kSignRaise = kSignedCodes ? 0 : 0x80808080u;

// Asks for what this thread reads some microseconds from now; streams of one page do not start
// themselves.
inline void fetch_panel_ahead(const uint8_t* p, size_t bytes) {
  constexpr size_t kAhead = 4096;
  for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch(p + kAhead + i);
}

// The fields of the blocks are as unpack_body.h tells, each field's units (halves, or words of four
// bytes) 16 side by side.
void unpack_panel_q4_0(const uint8_t* p, size_t blocks, const PanelWriter& out) {
  for (size_t b = 0; b < blocks; ++b, p += 18 * 16) {
    fetch_panel_ahead(p, 18 * 16);
    out.scale(b, 0, halves_16(p));
    for (size_t q = 0; q < 4; ++q) {
      const U32x16 v = load_u32(p + 32 + 64 * q);
      out.code(b, q, v & 0x0F0F0F0Fu);
      out.code(b, q + 4, (v >> 4) & 0x0F0F0F0Fu);
    }
  }
}

void unpack_panel_q4_1(const uint8_t* p, size_t blocks, const PanelWriter& out) {
  for (size_t b = 0; b < blocks; ++b, p += 20 * 16) {
    fetch_panel_ahead(p, 20 * 16);
    out.scale(b, 0, halves_16(p));
    out.offset(b, 0, halves_16(p + 32));
    for (size_t q = 0; q < 4; ++q) {
      const U32x16 v = load_u32(p + 64 + 64 * q);
      out.code(b, q, v & 0x0F0F0F0Fu);
      out.code(b, q + 4, (v >> 4) & 0x0F0F0F0Fu);
    }
  }
}

// Bits 4 * quad .. 4 * quad + 3 of each lane as bit 4 of its four bytes.
inline U32x16 fifth_bits(U32x16 bits, size_t quad) {
  return ((((bits >> static_cast<int>(4 * quad)) & 0x0F) * 0x00204081u) & 0x01010101u) << 4;
}

void unpack_panel_q5(const uint8_t* p, size_t blocks, bool has_offsets, const PanelWriter& out) {
  const size_t words = has_offsets ? 64 : 32;
  for (size_t b = 0; b < blocks; ++b, p += words + 5 * 64) {
    fetch_panel_ahead(p, words + 5 * 64);
    out.scale(b, 0, halves_16(p));
    if (has_offsets) out.offset(b, 0, halves_16(p + 32));
    const U32x16 high = load_u32(p + words);
    for (size_t q = 0; q < 4; ++q) {
      const U32x16 v = load_u32(p + words + 64 + 64 * q);
      out.code(b, q, (v & 0x0F0F0F0Fu) | fifth_bits(high, q));
      out.code(b, q + 4, ((v >> 4) & 0x0F0F0F0Fu) | fifth_bits(high, q + 4));
    }
  }
}

void unpack_panel_q8_0(const uint8_t* p, size_t blocks, const PanelWriter& out) {
  for (size_t b = 0; b < blocks; ++b, p += 34 * 16) {
    fetch_panel_ahead(p, 34 * 16);
    out.scale(b, 0, halves_16(p));
    for (size_t q = 0; q < 8; ++q) out.code(b, q, load_u32(p + 32 + 64 * q) ^ kSignRaise);
  }
}

void unpack_panel_iq4_nl(const uint8_t* p, size_t blocks, const PanelWriter& out) {
  for (size_t b = 0; b < blocks; ++b, p += 18 * 16) {
    fetch_panel_ahead(p, 18 * 16);
    out.scale(b, 0, halves_16(p));
    for (size_t q = 0; q < 4; ++q) {
      const U32x16 v = load_u32(p + 32 + 64 * q);
      out.code(b, q, levels_64(v & 0x0F0F0F0Fu) ^ kSignRaise);
      out.code(b, q + 4, levels_64((v >> 4) & 0x0F0F0F0Fu) ^ kSignRaise);
    }
  }
}

void unpack_panel_iq4_xs(const uint8_t* p, size_t blocks, const PanelWriter& out) {
  for (size_t b = 0; b < blocks; b += 8, p += 136 * 16) {
    fetch_panel_ahead(p, 136 * 16);
    const F32x16 d = halves_16(p);
    const U32x16 high = widen_u16(p + 32);
    const U32x16 low = load_u32(p + 64);
    for (int g = 0; g < 8; ++g) {
      const U32x16 six = ((low >> (4 * g)) & 0x0F) | (((high >> (2 * g)) & 3) << 4);
      out.scale(b + static_cast<size_t>(g), 0, d * (to_f32(as_i32(six)) - 32.0f));
      for (size_t q = 0; q < 4; ++q) {
        const U32x16 v = load_u32(p + 128 + 64 * (4 * static_cast<size_t>(g) + q));
        out.code(b + static_cast<size_t>(g), q, levels_64(v & 0x0F0F0F0Fu) ^ kSignRaise);
        out.code(b + static_cast<size_t>(g), q + 4, levels_64((v >> 4) & 0x0F0F0F0Fu) ^ kSignRaise);
      }
    }
  }
}

// The scales and minima of eight groups from their 12 bytes (unpack_six_bit_pairs).
void unpack_panel_k_scales(const uint8_t* p, size_t block, const PanelWriter& out) {
  const F32x16 d = halves_16(p), dmin = -halves_16(p + 32);
  const U32x16 w0 = load_u32(p + 64), w1 = load_u32(p + 128), w2 = load_u32(p + 192);
  const U32x16 scales[2] = {w0 & 0x3F3F3F3Fu,
                            (w2 & 0x0F0F0F0Fu) | (((w0 >> 6) & 0x03030303u) << 4)};
  const U32x16 minima[2] = {w1 & 0x3F3F3F3Fu,
                            ((w2 >> 4) & 0x0F0F0F0Fu) | (((w1 >> 6) & 0x03030303u) << 4)};
  for (size_t g = 0; g < 8; ++g) {
    out.scale(block + g, 0, d * byte_of(scales[g / 4], g % 4));
    out.offset(block + g, 0, dmin * byte_of(minima[g / 4], g % 4));
  }
}

void unpack_panel_q4_k(const uint8_t* p, size_t blocks, const PanelWriter& out) {
  for (size_t b = 0; b < blocks; b += 8, p += 144 * 16) {
    unpack_panel_k_scales(p, b, out);
    for (size_t part = 0; part < 4; ++part) {
      const uint8_t* packed = p + 256 + 512 * part;
      fetch_panel_ahead(packed, 576);
      for (size_t q = 0; q < 8; ++q) {
        const U32x16 v = load_u32(packed + 64 * q);
        out.code(b + 2 * part, q, v & 0x0F0F0F0Fu);
        out.code(b + 2 * part + 1, q, (v >> 4) & 0x0F0F0F0Fu);
      }
    }
  }
}

void unpack_panel_q5_k(const uint8_t* p, size_t blocks, const PanelWriter& out) {
  for (size_t b = 0; b < blocks; b += 8, p += 176 * 16) {
    unpack_panel_k_scales(p, b, out);
    for (int part = 0; part < 4; ++part) {
      const size_t first = b + 2 * static_cast<size_t>(part);
      const uint8_t* packed = p + 768 + 512 * static_cast<size_t>(part);
      fetch_panel_ahead(packed, 704);
      for (size_t q = 0; q < 8; ++q) {
        const U32x16 v = load_u32(packed + 64 * q), high = load_u32(p + 256 + 64 * q);
        out.code(first, q, (v & 0x0F0F0F0Fu) | (((high >> (2 * part)) & 0x01010101u) << 4));
        out.code(first + 1, q,
                 ((v >> 4) & 0x0F0F0F0Fu) | (((high >> (2 * part + 1)) & 0x01010101u) << 4));
      }
    }
  }
}

void unpack_panel_q6_k(const uint8_t* p, size_t blocks, const PanelWriter& out) {
  for (size_t b = 0; b < blocks; b += 8, p += 210 * 16) {
    const F32x16 d = halves_16(p + 208 * 16);
    for (size_t word = 0; word < 4; ++word) {
      const U32x16 scales = load_u32(p + 3072 + 64 * word);
      for (size_t i = 0; i < 4; ++i) {
        out.scale(b + 2 * word + i / 2, i % 2, d * signed_byte_of(scales, static_cast<int>(i)));
      }
    }
    for (size_t half = 0; half < 2; ++half) {
      const uint8_t* low = p + 1024 * half;
      const uint8_t* high = p + 2048 + 512 * half;
      fetch_panel_ahead(low, 1680);
      for (size_t q = 0; q < 8; ++q) {
        const U32x16 l0 = load_u32(low + 64 * q), l1 = load_u32(low + 512 + 64 * q);
        const U32x16 h = load_u32(high + 64 * q);
        const size_t first = b + 4 * half;
        out.code(first, q, (l0 & 0x0F0F0F0Fu) | ((h << 4) & 0x30303030u));
        out.code(first + 1, q, (l1 & 0x0F0F0F0Fu) | ((h << 2) & 0x30303030u));
        out.code(first + 2, q, ((l0 >> 4) & 0x0F0F0F0Fu) | (h & 0x30303030u));
        out.code(first + 3, q, ((l1 >> 4) & 0x0F0F0F0Fu) | ((h >> 2) & 0x30303030u));
      }
    }
  }
}

void unpack_panel_q2_k(const uint8_t* p, size_t blocks, const PanelWriter& out) {
  for (size_t b = 0; b < blocks; b += 8, p += 84 * 16) {
    fetch_panel_ahead(p, 84 * 16);
    const F32x16 d = halves_16(p + 80 * 16), dmin = -halves_16(p + 82 * 16);
    for (size_t word = 0; word < 4; ++word) {
      const U32x16 both = load_u32(p + 64 * word);
      for (size_t i = 0; i < 4; ++i) {
        const int byte = static_cast<int>(i);
        out.scale(b + 2 * word + i / 2, i % 2, d * byte_of(both & 0x0F0F0F0Fu, byte));
        out.offset(b + 2 * word + i / 2, i % 2, dmin * byte_of((both >> 4) & 0x0F0F0F0Fu, byte));
      }
    }
    for (size_t half = 0; half < 2; ++half) {
      for (size_t q = 0; q < 8; ++q) {
        const U32x16 v = load_u32(p + 256 + 512 * half + 64 * q);
        for (int part = 0; part < 4; ++part) {
          out.code(b + 4 * half + static_cast<size_t>(part), q, (v >> (2 * part)) & 0x03030303u);
        }
      }
    }
  }
}

void unpack_panel_q3_k(const uint8_t* p, size_t blocks, const PanelWriter& out) {
  for (size_t b = 0; b < blocks; b += 8, p += 110 * 16) {
    fetch_panel_ahead(p, 110 * 16);
    const F32x16 d = halves_16(p + 108 * 16);
    const uint8_t* six = p + 96 * 16;
    const U32x16 w0 = load_u32(six), w1 = load_u32(six + 64), w2 = load_u32(six + 128);
    const U32x16 scales[4] = {(w0 & 0x0F0F0F0Fu) | ((w2 & 0x03030303u) << 4),
                              (w1 & 0x0F0F0F0Fu) | (((w2 >> 2) & 0x03030303u) << 4),
                              ((w0 >> 4) & 0x0F0F0F0Fu) | (((w2 >> 4) & 0x03030303u) << 4),
                              ((w1 >> 4) & 0x0F0F0F0Fu) | (((w2 >> 6) & 0x03030303u) << 4)};
    for (size_t g = 0; g < 16; ++g) {
      out.scale(b + g / 2, g % 2, d * (byte_of(scales[g / 4], static_cast<int>(g % 4)) - 32.0f));
    }
    for (size_t half = 0; half < 2; ++half) {
      for (size_t q = 0; q < 8; ++q) {
        const U32x16 v = load_u32(p + 512 + 512 * half + 64 * q);
        const U32x16 third = load_u32(p + 64 * q) >> static_cast<int>(4 * half);
        for (int part = 0; part < 4; ++part) {
          out.code(b + 4 * half + static_cast<size_t>(part), q,
                   ((v >> (2 * part)) & 0x03030303u) | (((third >> part) & 0x01010101u) << 2));
        }
      }
    }
  }
}

// `type` is a number of TensorType (engine/tensor_type.h).
void unpack_panel_of_type(uint32_t type, const uint8_t* panel, size_t blocks, uint8_t* codes,
                          float* scales, float* offsets) {
  const bool pairs = type == 10 || type == 11 || type == 14;
  const PanelWriter out = {codes, scales, offsets, pairs ? 2u : 1u};
  switch (type) {
    case 2:
      return unpack_panel_q4_0(panel, blocks, out);
    case 3:
      return unpack_panel_q4_1(panel, blocks, out);
    case 6:
      return unpack_panel_q5(panel, blocks, false, out);
    case 7:
      return unpack_panel_q5(panel, blocks, true, out);
    case 8:
      return unpack_panel_q8_0(panel, blocks, out);
    case 10:
      return unpack_panel_q2_k(panel, blocks, out);
    case 11:
      return unpack_panel_q3_k(panel, blocks, out);
    case 12:
      return unpack_panel_q4_k(panel, blocks, out);
    case 13:
      return unpack_panel_q5_k(panel, blocks, out);
    case 14:
      return unpack_panel_q6_k(panel, blocks, out);
    case 20:
      return unpack_panel_iq4_nl(panel, blocks, out);
    case 23:
      return unpack_panel_iq4_xs(panel, blocks, out);
    default:
      return;
  }
}

inline U32x16 splat_four_codes(const int8_t* x) {
  uint32_t four;
  memcpy(&four, x, 4);
  return splat_u32(four);
}

// A tile of kPanels x kTokens. The order of a result's sums does not depend on the tile.
template <int kPanels, int kTokens, int kGroups, bool kOffsets, bool kZero, bool kSigned>
void multiply_panel_tile(const SaseoPanels* w, size_t p0, const SaseoPanelActivations* x, size_t t0,
                         float zero, float* y, size_t y_stride, bool first) {
  const size_t blocks = w->blocks;
  const uint8_t* codes = w->codes + p0 * blocks * 512;
  const float* scales = w->scales + p0 * blocks * kGroups * 16;
  const float* offsets = w->offsets + p0 * blocks * kGroups * 16;
  const int8_t* x_codes = x->codes + t0 * x->code_stride;
  const float* x_scales = x->scales + t0 * x->scale_stride;
  const float* x_sums_16 = x->sums_16 + t0 * x->scale_stride;
  const float* x_sums_32 = x->sums_32 + t0 * x->scale_stride / 2;
  const F32x16 minus_zero = splat_f32(-zero);
  F32x16 sum[kPanels][kTokens];
  for (int p = 0; p < kPanels; ++p) {
    for (int t = 0; t < kTokens; ++t) {
      sum[p][t] = first ? F32x16{} : load_f32(y + (t0 + t) * y_stride + (p0 + p) * 16);
    }
  }
  for (size_t b = 0; b < blocks; ++b) {
    F32x16 part[kPanels][kTokens];
#pragma GCC unroll 2
    for (int half = 0; half < 2; ++half) {
      I32x16 products[kPanels][kTokens] = {};
      const auto codes_of = [&](int t, int q) {
        return x_codes + t * x->code_stride + 32 * b + 16 * half + 4 * q;
      };
      const auto weights_of = [&](int p, int q) {
        return load_u32(codes + ((p * blocks + b) * 8 + 4 * half + q) * 64);
      };
      if constexpr (kMatrixProducts && kTokens % 2 == 0) {
#pragma GCC unroll 2
        for (int q = 0; q < 4; q += 2) {
          for (int p = 0; p < kPanels; ++p) {
            const U32x16 low = weights_of(p, q), high = weights_of(p, q + 1);
            for (int t = 0; t < kTokens; t += 2) {
              dot_8(products[p][t], products[p][t + 1], low, high, codes_of(t, q),
                    codes_of(t + 1, q));
            }
          }
        }
        for (int p = 0; p < kPanels; ++p) {
          for (int t = 0; t < kTokens; t += 2) separate(products[p][t], products[p][t + 1]);
        }
      } else {
#pragma GCC unroll 4
        for (int q = 0; q < 4; ++q) {
          U32x16 a[kPanels];
          for (int p = 0; p < kPanels; ++p) a[p] = weights_of(p, q);
          for (int t = 0; t < kTokens; ++t) {
            const U32x16 four = splat_four_codes(codes_of(t, q));
            for (int p = 0; p < kPanels; ++p) {
              products[p][t] = dot_4<kSigned>(products[p][t], a[p], four);
            }
          }
        }
      }
      for (int t = 0; t < kTokens; ++t) {
        const F32x16 x_scale = splat_f32(x_scales[t * x->scale_stride + 2 * b + half]);
        const F32x16 x_sum = splat_f32(kGroups == 2 ? x_sums_16[t * x->scale_stride + 2 * b + half]
                                                    : x_sums_32[t * x->scale_stride / 2 + b]);
        for (int p = 0; p < kPanels; ++p) {
          const F32x16 exact = to_f32(products[p][t]);
          // x_scale * products - zero * x_sum, of a group
          if (kGroups == 1 && half == 1) {
            part[p][t] = fused(x_scale, exact, part[p][t]);
          } else {
            part[p][t] = kZero ? fused(x_scale, exact, minus_zero * x_sum) : x_scale * exact;
          }
          if (kGroups == 1 && half == 0) continue;
          const size_t at = ((p * blocks + b) * kGroups + (kGroups == 2 ? half : 0)) * 16;
          sum[p][t] = fused(load_f32(scales + at), part[p][t], sum[p][t]);
          if (kOffsets) sum[p][t] = fused(load_f32(offsets + at), x_sum, sum[p][t]);
        }
      }
    }
  }
  for (int p = 0; p < kPanels; ++p) {
    for (int t = 0; t < kTokens; ++t) {
      store_f32(y + (t0 + t) * y_stride + (p0 + p) * 16, sum[p][t]);
    }
  }
}

template <int kPanels, int kGroups, bool kOffsets, bool kZero, bool kSigned>
void multiply_some_panels(const SaseoPanels* w, size_t p0, const SaseoPanelActivations* x,
                          float zero, float* y, size_t y_stride, bool first) {
  size_t t = 0;
  for (; t + kTileTokens <= x->tokens; t += kTileTokens) {
    multiply_panel_tile<kPanels, kTileTokens, kGroups, kOffsets, kZero, kSigned>(
        w, p0, x, t, zero, y, y_stride, first);
  }
  for (; t + 2 <= x->tokens; t += 2) {
    multiply_panel_tile<kPanels, 2, kGroups, kOffsets, kZero, kSigned>(w, p0, x, t, zero, y,
                                                                       y_stride, first);
  }
  for (; t < x->tokens; ++t) {
    multiply_panel_tile<kPanels, 1, kGroups, kOffsets, kZero, kSigned>(w, p0, x, t, zero, y,
                                                                       y_stride, first);
  }
}

template <int kGroups, bool kOffsets, bool kZero, bool kSigned>
void multiply_all_panels(const SaseoPanels* w, const SaseoPanelActivations* x, float zero, float* y,
                         size_t y_stride, bool first) {
  size_t p = 0;
  for (; p + kTilePanels <= w->panels; p += kTilePanels) {
    multiply_some_panels<kTilePanels, kGroups, kOffsets, kZero, kSigned>(w, p, x, zero, y, y_stride,
                                                                         first);
  }
  for (; p < w->panels; ++p) {
    multiply_some_panels<1, kGroups, kOffsets, kZero, kSigned>(w, p, x, zero, y, y_stride, first);
  }
}

void multiply_panels_of_type(uint32_t type, const SaseoPanels* w, const SaseoPanelActivations* x,
                             float* y, size_t y_stride, bool first) {
  switch (type) {
    case 3:   // Q4_1
    case 7:   // Q5_1
    case 12:  // Q4_K
    case 13:  // Q5_K
      return multiply_all_panels<1, true, false, false>(w, x, 0, y, y_stride, first);
    case 10:  // Q2_K
      return multiply_all_panels<2, true, false, false>(w, x, 0, y, y_stride, first);
    case 11:  // Q3_K
      return multiply_all_panels<2, false, true, false>(w, x, 4, y, y_stride, first);
    case 14:  // Q6_K
      return multiply_all_panels<2, false, true, false>(w, x, 32, y, y_stride, first);
    case 8:   // Q8_0
    case 20:  // IQ4_NL
    case 23:  // IQ4_XS
      return multiply_all_panels<1, false, !kSignedCodes, kSignedCodes>(w, x, 128, y, y_stride,
                                                                        first);
    case 6:  // Q5_0
      return multiply_all_panels<1, false, true, false>(w, x, 16, y, y_stride, first);
    default:  // Q4_0
      return multiply_all_panels<1, false, true, false>(w, x, 8, y, y_stride, first);
  }
}

}  // namespace
