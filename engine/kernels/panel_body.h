// Products of quantised weights that lie in panels (engine/panels.h): 16 rows side by side, so that
// a row is a lane and a vector load brings the same four columns of 16 rows.
//
// Few tokens (stream_panel): each block is unpacked in registers and meets up to eight tokens at
// once, so that a batch of eight reads and unpacks every weight once.
// Many tokens: some columns of some panels are unpacked to a common form that stays in the
// first-level cache (unpack_panel) while all tokens pass (multiply_panels).
//
// Of a block of 32 columns (16 where weights or activations have two scales to a block):
//
//   y += scale * x_scale * sum_i (code_i - zero) x_i  +  offset * x_scale * sum_i x_i
//
// The integer sum starts at the bits of 1.5 * 2^23 less zero * sum x_i: it then is the bits of a
// float that is larger than the sum by 1.5 * 2^23, and one fused multiply-add, exact because
// x_scale has 22 bits, both takes that off and scales.
//
// Written once with the compiler's vector types and compiled per instruction set (the
// matmul_*.cpp), which gives before including it
//
//   dot_4<is_signed>(sums, codes, x)   sums[r] += codes[r, 0..3] . x[0..3]
//   fused(a, b, c)                     a * b + c
//   scaled(sums, x_scale, x_shift)     x_scale * (sums - kFloatZero), rounded once
//   halves_16(bytes)                   16 halves as floats
//   levels_64(codes)                   the levels of 64 codes of the non-linear types (kLevels)
//   kTilePanels, kTileTokens           how much of a product its registers hold
//   kStreamTokens                      tokens that meet a block in registers, at most 8
//   kSignedCodes                       whether it wants codes -128..127 signed, or raised by 128
//   kMatrixProducts                    whether it has, for two tokens at once, in sums a and b that
//                                      interleave their tokens
//     splat_two(a, b, start, start')     where the sums start
//     dot_8(a, b, low, high, x, x')      adds codes[r, 0..7] . x[0..7] of each token
//     separate(a, b)                     a: the sums of the first token, b: of the second
//
// It must not include anything that has inline functions of external linkage.
#include "engine/kernels/panel_types.h"

namespace {

constexpr size_t kSegmentBlocks = 16;  // Whose starts are computed at a time.
// Of what a thread reads from memory it asks for this much ahead, some microseconds before.
constexpr size_t kStreamAhead = 8192;

template <class Type>
void unpack_panel_of(const uint8_t* p, size_t blocks, uint8_t* codes, float* scales,
                     float* offsets) {
  constexpr size_t kScales = Type::kBlocks * Type::kGroups;
  for (size_t b = 0; b < blocks; b += Type::kBlocks, p += Type::kBytes) {
    F32x16 s[kScales], o[kScales];
    Type::scales(p, s, o);
    for (size_t i = 0; i < kScales; ++i) {
      store_f32(scales + 16 * (b * Type::kGroups + i), s[i]);
      if (Type::kOffsets) store_f32(offsets + 16 * (b * Type::kGroups + i), o[i]);
    }
#pragma GCC unroll 1
    for (size_t i = 0; i < Type::kBlocks; ++i) {
      U32x16 c[8];
      Type::codes(p, i, c);
      for (size_t q = 0; q < 8; ++q) store(codes + 512 * (b + i) + 64 * q, c[q]);
    }
  }
}

void unpack_panel(uint32_t type, const uint8_t* panel, size_t blocks, uint8_t* codes, float* scales,
                  float* offsets) {
  with_panel_type(type, false, [&](auto t) {
    unpack_panel_of<decltype(t)>(panel, blocks, codes, scales, offsets);
  });
}

inline U32x16 splat_four_codes(const int8_t* x) {
  uint32_t four;
  memcpy(&four, x, 4);
  return splat_u32(four);
}

// What the tokens of a tile bring along, for up to kSegmentBlocks blocks.
template <int kTokens, int kParts>
struct Segment {
  int32_t starts[kTokens][kSegmentBlocks * kParts];  // Of the integer sums.
  float sums[kTokens][kSegmentBlocks * kParts];      // x_scale * sum of x; for offsets.
};

template <class Type, int kTokens>
inline void fill_segment(const SaseoPanelActivations* x, const size_t* token, size_t block,
                         Segment<kTokens, Type::kParts>* out) {
  for (int t = 0; t < kTokens; ++t) {
    const size_t at = token[t] * x->blocks + block;
    for (size_t i = 0; i < Type::kParts; ++i) {
      I32x16 sums;
      load(sums, Type::kParts == 2 ? x->sums_16 + 2 * at + 16 * i : x->sums_32 + at);
      if (Type::kZeroBits >= 0) {
        const I32x16 zeros = sums << (Type::kZeroBits < 0 ? 0 : Type::kZeroBits);
        store(out->starts[t] + 16 * i, splat_i32(kFloatZero) - zeros);
      }
      if (Type::kOffsets) {
        F32x16 scale = load_f32(x->scales + (Type::kFine ? 2 * at + 16 * i : at + 8 * i));
        if (Type::kParts == 2 && !Type::kFine) {
          scale = each_twice(x->scales + at + 8 * i);
        }
        store_f32(out->sums[t] + 16 * i, to_f32(sums) * scale);
      }
    }
  }
}

// Adds the products of a block, of whose codes `code(p, q)` gives quad q of panel p, to `sum`. The
// order of a result's sums does not depend on the tile. at: the block; in: its place in `segment`.
template <class Type, int kPanels, int kTokens, class Code, class Scale>
inline void add_block(const SaseoPanelActivations* x, const size_t* token, size_t at, size_t in,
                      const Segment<kTokens, Type::kParts>& segment, const Code& code,
                      const Scale& scale, F32x16 (*sum)[kTokens]) {
  constexpr int kParts = static_cast<int>(Type::kParts), kQuads = 8 / kParts;
#pragma GCC unroll 2
  for (int g = 0; g < kParts; ++g) {
    const int group = Type::kGroups == 2 ? g : 0;
    I32x16 products[kPanels][kTokens];
    const auto start = [&](int t) {
      return Type::kZeroBits >= 0 ? segment.starts[t][kParts * in + g] : kFloatZero;
    };
    const auto codes = [&](int t, int q) {
      return x->codes + 32 * (token[t] * x->blocks + at) + 4 * q;
    };
    if constexpr (kMatrixProducts && kTokens % 2 == 0) {
      for (int p = 0; p < kPanels; ++p) {
        for (int t = 0; t < kTokens; t += 2) {
          splat_two(products[p][t], products[p][t + 1], start(t), start(t + 1));
        }
#pragma GCC unroll 4
        for (int q = kQuads * g; q < kQuads * (g + 1); q += 2) {
          const U32x16 low = code(p, q), high = code(p, q + 1);
          for (int t = 0; t < kTokens; t += 2) {
            dot_8(products[p][t], products[p][t + 1], low, high, codes(t, q), codes(t + 1, q));
          }
        }
        for (int t = 0; t < kTokens; t += 2) separate(products[p][t], products[p][t + 1]);
      }
    } else {
      for (int t = 0; t < kTokens; ++t) {
        for (int p = 0; p < kPanels; ++p) products[p][t] = splat_i32(start(t));
      }
#pragma GCC unroll 8
      for (int q = kQuads * g; q < kQuads * (g + 1); ++q) {
        U32x16 c[kPanels];
        for (int p = 0; p < kPanels; ++p) c[p] = code(p, q);
        for (int t = 0; t < kTokens; ++t) {
          const U32x16 four = splat_four_codes(codes(t, q));
          for (int p = 0; p < kPanels; ++p) {
            products[p][t] = dot_4<Type::kSigned>(products[p][t], c[p], four);
          }
        }
      }
    }
    for (int t = 0; t < kTokens; ++t) {
      const size_t of_x = token[t] * x->blocks + at;
      const F32x16 x_scale = splat_f32(x->scales[Type::kFine ? 2 * of_x + g : of_x]);
      const F32x16 x_shift = splat_f32(x->shifts[Type::kFine ? 2 * of_x + g : of_x]);
      for (int p = 0; p < kPanels; ++p) {
        sum[p][t] =
            fused(scale(p, group, false), scaled(products[p][t], x_scale, x_shift), sum[p][t]);
        if (Type::kOffsets) {
          sum[p][t] =
              fused(scale(p, group, true), splat_f32(segment.sums[t][kParts * in + g]), sum[p][t]);
        }
      }
    }
  }
}

// The tokens of a tile from t0 on; those beyond the last repeat it: its results are written again.
template <int kTokens>
inline void choose_tokens(const SaseoPanelActivations* x, size_t t0, size_t* token) {
  for (int t = 0; t < kTokens; ++t) {
    const size_t next = t0 + static_cast<size_t>(t);
    token[t] = next < x->tokens ? next : x->tokens - 1;
  }
}

// A tile of unpacked panels and tokens.
template <class Type, int kPanels, int kTokens>
void multiply_tile(const SaseoPanels* w, size_t p0, const SaseoPanelActivations* x, size_t t0,
                   float* y, size_t y_stride, bool first) {
  const size_t blocks = w->blocks;
  const uint8_t* codes = w->codes + p0 * blocks * 512;
  const float* scales = w->scales + p0 * blocks * Type::kGroups * 16;
  const float* offsets = w->offsets + p0 * blocks * Type::kGroups * 16;
  size_t token[kTokens];
  F32x16 sum[kPanels][kTokens];
  choose_tokens<kTokens>(x, t0, token);
  for (int t = 0; t < kTokens; ++t) {
    for (int p = 0; p < kPanels; ++p) {
      sum[p][t] = first ? F32x16{} : load_f32(y + token[t] * y_stride + (p0 + p) * 16);
    }
  }
  for (size_t from = 0; from < blocks; from += kSegmentBlocks) {
    Segment<kTokens, Type::kParts> segment;
    fill_segment<Type, kTokens>(x, token, x->first_block + from, &segment);
    const size_t end = from + kSegmentBlocks < blocks ? from + kSegmentBlocks : blocks;
    for (size_t b = from; b < end; ++b) {
      add_block<Type, kPanels, kTokens>(
          x, token, x->first_block + b, b - from, segment,
          [&](int p, int q) { return load_u32(codes + ((p * blocks + b) * 8 + q) * 64); },
          [&](int p, int g, bool offset) {
            return load_f32((offset ? offsets : scales) +
                            ((p * blocks + b) * Type::kGroups + g) * 16);
          },
          sum);
    }
  }
  for (int p = 0; p < kPanels; ++p) {
    for (int t = 0; t < kTokens; ++t) {
      store_f32(y + token[t] * y_stride + (p0 + p) * 16, sum[p][t]);
    }
  }
}

// Panels beyond a whole number of kTilePanels are left to stream_panel.
void multiply_panels(uint32_t type, const SaseoPanels* w, const SaseoPanelActivations* x, float* y,
                     size_t y_stride, bool first) {
  with_panel_type(type, x->fine, [&](auto pairing) {
    for (size_t p = 0; p + kTilePanels <= w->panels; p += kTilePanels) {
      for (size_t t = 0; t < x->tokens; t += kTileTokens) {
        multiply_tile<decltype(pairing), kTilePanels, kTileTokens>(w, p, x, t, y, y_stride, first);
      }
    }
  });
}

// Some columns of a panel as it lies in memory, and kTokens tokens from t0 on.
template <class Type, int kTokens>
void stream_tokens(const uint8_t* panel, size_t blocks, const SaseoPanelActivations* x, size_t t0,
                   float* y, size_t y_stride, bool first) {
  size_t token[kTokens];
  F32x16 sum[1][kTokens];
  for (int t = 0; t < kTokens; ++t) {
    token[t] =
        t0 + static_cast<size_t>(t) < x->tokens ? t0 + static_cast<size_t>(t) : x->tokens - 1;
    sum[0][t] = first ? F32x16{} : load_f32(y + token[t] * y_stride);
  }
  for (size_t from = 0; from < blocks; from += kSegmentBlocks) {
    Segment<kTokens, Type::kParts> segment;
    fill_segment<Type, kTokens>(x, token, x->first_block + from, &segment);
    const size_t end = from + kSegmentBlocks < blocks ? from + kSegmentBlocks : blocks;
    for (size_t b = from; b < end; b += Type::kBlocks, panel += Type::kBytes) {
      F32x16 s[Type::kBlocks * Type::kGroups], o[Type::kBlocks * Type::kGroups];
      Type::scales(panel, s, o);
#pragma GCC unroll 1
      for (size_t i = 0; i < Type::kBlocks; ++i) {
        constexpr size_t kShare = Type::kBytes / Type::kBlocks;
        for (size_t line = 0; line < kShare; line += 64) {
          __builtin_prefetch(panel + kStreamAhead + i * kShare + line);
        }
        U32x16 c[8];
        Type::codes(panel, i, c);
        add_block<Type, 1, kTokens>(
            x, token, x->first_block + b + i, b + i - from, segment,
            [&](int, int q) { return c[q]; },
            [&](int, int g, bool offset) {
              return (offset ? o : s)[i * Type::kGroups + static_cast<size_t>(g)];
            },
            sum);
      }
    }
  }
  for (int t = 0; t < kTokens; ++t) store_f32(y + token[t] * y_stride, sum[0][t]);
}

void stream_panel(uint32_t type, const uint8_t* panel, size_t blocks,
                  const SaseoPanelActivations* x, float* y, size_t y_stride, bool first) {
  with_panel_type(type, x->fine, [&](auto pairing) {
    using Type = decltype(pairing);
    for (size_t t = 0; t < x->tokens; t += kStreamTokens) {
      const size_t left = x->tokens - t;
      if (left == 1 || kStreamTokens == 1) {
        stream_tokens<Type, 1>(panel, blocks, x, t, y, y_stride, first);
      } else if (left == 2 || kStreamTokens == 2) {
        stream_tokens<Type, 2>(panel, blocks, x, t, y, y_stride, first);
      } else if (left <= 4 || kStreamTokens == 4) {
        stream_tokens<Type, 4>(panel, blocks, x, t, y, y_stride, first);
      } else {
        stream_tokens<Type, kStreamTokens>(panel, blocks, x, t, y, y_stride, first);
      }
    }
  });
}

}  // namespace
