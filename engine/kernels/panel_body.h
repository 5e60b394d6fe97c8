// Products of quantised weights that lie in panels (engine/model/panels.h): 16 rows side by side,
// so that a row is a lane and a vector load brings the same four columns of 16 rows.
//
// Few tokens meet the panels as they come from memory (stream_body.h). Many tokens: some columns of
// some panels are unpacked to a common form that stays in the second-level cache (unpack_panel)
// while all tokens pass (multiply_panels).
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

constexpr size_t kXGroup = SASEO_X_GROUP;
constexpr size_t kSegmentBlocks = 16;  // Whose starts are computed at a time.

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
      for (size_t q = 0; q < 8; ++q) store(codes + 512 * (b + i) + 64 * q, Type::quad(p, i, q));
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

// Of kTokens tokens from a multiple of kTokens on: the group of kXGroup tokens that holds the
// first, and its place there.
template <int kTokens>
struct TokenTile {
  static constexpr size_t kTileGroups = (kTokens + kXGroup - 1) / kXGroup;
  const SaseoPanelActivations* x;
  size_t first_token;

  size_t group() const { return first_token / kXGroup; }
  size_t lane() const { return kTokens < kXGroup ? first_token % kXGroup : 0; }
  // Whether token t of the tile is one; others' results are not wanted.
  bool has(int t) const { return first_token + static_cast<size_t>(t) < x->tokens; }
  // Where in an array (groups, blocks, `parts`, kXGroup) the numbers of token t and a block begin.
  size_t at(int t, size_t block, size_t parts) const {
    const size_t token = static_cast<size_t>(t);
    return ((group() + token / kXGroup) * x->blocks + block) * parts * kXGroup + token % kXGroup +
           lane();
  }
};

// What its tokens bring along, for up to kSegmentBlocks blocks.
template <class Type, int kTokens>
struct Segment {
  static constexpr size_t kNumbers = kSegmentBlocks * Type::kParts * kXGroup;
  int32_t starts[TokenTile<kTokens>::kTileGroups][kNumbers];  // Of the integer sums.
  float sums[TokenTile<kTokens>::kTileGroups][kNumbers];      // x_scale * sum of x; for offsets.
};

template <class Type, int kTokens>
inline void fill_segment(const TokenTile<kTokens>& tile, size_t block, size_t blocks,
                         Segment<Type, kTokens>* out) {
  const SaseoPanelActivations* x = tile.x;
  for (size_t g = 0; g < tile.kTileGroups; ++g) {
    const size_t at = ((tile.group() + g) * x->blocks + block) * kXGroup;
    for (size_t i = 0; i < blocks * Type::kParts * kXGroup; i += 16) {
      I32x16 sums;
      load(sums, Type::kParts == 2 ? x->sums_16 + 2 * at + i : x->sums_32 + at + i);
      if (Type::kZeroBits >= 0) {
        const I32x16 zeros = sums << (Type::kZeroBits < 0 ? 0 : Type::kZeroBits);
        store(out->starts[g] + i, splat_i32(kFloatZero) - zeros);
      }
      if (Type::kOffsets) {
        const F32x16 scale = Type::kParts == 2 && !Type::kFine
                                 ? each_four_twice(x->scales + at + i / 2)
                                 : load_f32(x->scales + Type::kParts * at + i);
        store_f32(out->sums[g] + i, to_f32(sums) * scale);
      }
    }
  }
}

// Adds the products of a part of a block to `sum`: of the whole block, or of one of its two halves.
// code(p, q) gives quad q of the block of panel p, scale(p, g, offset) its scales. The order of a
// result's sums does not depend on the tile. in: the block's place in `segment`.
template <class Type, int kPanels, int kTokens, class Code, class Scale>
inline void add_part(const TokenTile<kTokens>& tile, size_t block, size_t in, int part,
                     const Segment<Type, kTokens>& segment, const Code& code, const Scale& scale,
                     F32x16 (*sum)[kTokens]) {
  constexpr int kParts = static_cast<int>(Type::kParts), kQuads = 8 / kParts;
  const auto in_segment = [&](const auto& numbers, int t) {
    return numbers[t / static_cast<int>(kXGroup)]
                  [(kParts * in + static_cast<size_t>(part)) * kXGroup +
                   static_cast<size_t>(t) % kXGroup + tile.lane()];
  };
  const auto start = [&](int t) {
    return Type::kZeroBits >= 0 ? in_segment(segment.starts, t) : kFloatZero;
  };
  const auto codes = [&](int t, int q) {
    return tile.x->codes + 4 * (tile.at(t, block, 8) + static_cast<size_t>(q) * kXGroup);
  };
  I32x16 products[kPanels][kTokens];
  if constexpr (kMatrixProducts && kTokens % 2 == 0) {
    for (int p = 0; p < kPanels; ++p) {
      I32x16(&to)[kTokens] = products[p];
      for (int t = 0; t < kTokens; t += 2) splat_two(to[t], to[t + 1], start(t), start(t + 1));
#pragma GCC unroll 4
      for (int i = 0; i < kQuads; i += 2) {
        const int q = kQuads * part + i;
        const U32x16 low = code(p, q), high = code(p, q + 1);
        for (int t = 0; t < kTokens; t += 2)
          dot_8(to[t], to[t + 1], low, high, codes(t, q), codes(t, q + 1));
      }
      for (int t = 0; t < kTokens; t += 2) separate(to[t], to[t + 1]);
    }
  } else {
    for (int t = 0; t < kTokens; ++t) {
      for (int p = 0; p < kPanels; ++p) products[p][t] = splat_i32(start(t));
    }
#pragma GCC unroll 8
    for (int i = 0; i < kQuads; ++i) {
      const int q = kQuads * part + i;
      U32x16 c[kPanels];
      for (int p = 0; p < kPanels; ++p) c[p] = code(p, q);
      for (int t = 0; t < kTokens; ++t) {
        const U32x16 four = splat_four_codes(codes(t, q));
        for (int p = 0; p < kPanels; ++p)
          products[p][t] = dot_4<Type::kSigned>(products[p][t], c[p], four);
      }
    }
  }
  const int group = Type::kGroups == 2 ? part : 0;
  for (int t = 0; t < kTokens; ++t) {
    const size_t at = tile.at(t, block, Type::kFine ? 2 : 1) +
                      (Type::kFine ? static_cast<size_t>(part) * kXGroup : 0);
    const F32x16 x_scale = splat_f32(tile.x->scales[at]);
    const F32x16 x_shift = splat_f32(tile.x->shifts[at]);
    for (int p = 0; p < kPanels; ++p) {
      sum[p][t] =
          fused(scale(p, group, false), scaled(products[p][t], x_scale, x_shift), sum[p][t]);
      if (Type::kOffsets) {
        sum[p][t] = fused(scale(p, group, true), splat_f32(in_segment(segment.sums, t)), sum[p][t]);
      }
    }
  }
}

// Asks for what is unpacked next, some lines at a time.
class NextPanels {
 public:
  // To be done after `times` asks.
  NextPanels(const SaseoPanels* w, size_t times)
      : line_(w->next),
        end_(w->next + w->next_bytes),
        gap_(w->next_stride - w->next_bytes),
        bytes_(w->next_bytes),
        panels_(w->next_bytes > 0 ? w->panels : 0),
        lines_((w->panels * (w->next_bytes / 64 + 1) + times - 1) / times) {}

  void ask() {
    for (size_t i = 0; i < lines_ && panels_ > 0; ++i, line_ += 64) {
      if (line_ >= end_) {
        line_ = end_ + gap_;
        end_ = line_ + bytes_;
        if (--panels_ == 0) return;
      }
      __builtin_prefetch(line_);
    }
  }

 private:
  const uint8_t *line_, *end_;
  size_t gap_, bytes_, panels_, lines_;
};

// A tile of unpacked panels and tokens.
template <class Type, int kPanels, int kTokens>
void multiply_tile(const SaseoPanels* w, size_t p0, const SaseoPanelActivations* x, size_t t0,
                   float* y, size_t y_stride, bool first, NextPanels* next) {
  const size_t blocks = w->blocks;
  const uint8_t* codes = w->codes + p0 * blocks * 512;
  const float* scales = w->scales + p0 * blocks * Type::kGroups * 16;
  const float* offsets = w->offsets + p0 * blocks * Type::kGroups * 16;
  const TokenTile<kTokens> tile = {x, t0};
  const auto result = [&](int t, int p) {
    return y + (t0 + static_cast<size_t>(t)) * y_stride + (p0 + static_cast<size_t>(p)) * 16;
  };
  F32x16 sum[kPanels][kTokens];
  for (int t = 0; t < kTokens; ++t) {
    for (int p = 0; p < kPanels; ++p) {
      sum[p][t] = first || !tile.has(t) ? F32x16{} : load_f32(result(t, p));
    }
  }
  for (size_t from = 0; from < blocks; from += kSegmentBlocks) {
    const size_t end = from + kSegmentBlocks < blocks ? from + kSegmentBlocks : blocks;
    Segment<Type, kTokens> segment;
    fill_segment<Type, kTokens>(tile, x->first_block + from, end - from, &segment);
    for (size_t b = from; b < end; ++b) {
      next->ask();
#pragma GCC unroll 2
      for (int part = 0; part < static_cast<int>(Type::kParts); ++part) {
        add_part<Type, kPanels, kTokens>(
            tile, x->first_block + b, b - from, part, segment,
            [&](int p, int q) { return load_u32(codes + ((p * blocks + b) * 8 + q) * 64); },
            [&](int p, int g, bool offset) {
              return load_f32((offset ? offsets : scales) +
                              ((p * blocks + b) * Type::kGroups + g) * 16);
            },
            sum);
      }
    }
  }
  for (int t = 0; t < kTokens; ++t) {
    for (int p = 0; p < kPanels && tile.has(t); ++p) store_f32(result(t, p), sum[p][t]);
  }
}

// Panels beyond a whole number of kTilePanels are left to stream_panels.
void multiply_panels(uint32_t type, const SaseoPanels* w, const SaseoPanelActivations* x, float* y,
                     size_t y_stride, bool first) {
  with_panel_type(type, x->fine, [&](auto pairing) {
    using Type = UnpackedType<decltype(pairing)>;
    const size_t tiles = w->panels / kTilePanels * ((x->tokens + kTileTokens - 1) / kTileTokens);
    if (tiles == 0) return;
    NextPanels next(w, tiles * w->blocks);
    for (size_t p = 0; p + kTilePanels <= w->panels; p += kTilePanels) {
      for (size_t t = 0; t < x->tokens; t += kTileTokens) {
        multiply_tile<Type, kTilePanels, kTileTokens>(w, p, x, t, y, y_stride, first, &next);
      }
    }
  });
}

}  // namespace
