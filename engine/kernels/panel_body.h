// Products of quantised weights that lie in panels (engine/panels.h): 16 rows side by side, so that
// a row is a lane and a vector load brings the same four columns of 16 rows.
//
// Few tokens (stream_panels): each block is unpacked in registers and meets up to eight tokens at
// once, so that a batch of eight reads and unpacks every weight once. Two panels go side by side:
// what is loaded of a token serves both (a core loads two registers a cycle, and products that use
// each load once leave no room for those of the weights), and two streams from memory are faster.
// Many tokens: some columns of some panels are unpacked to a common form that stays in the
// second-level cache (unpack_panel) while all tokens pass (multiply_panels).
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
//   kStreamUnits                       parts of blocks, 1 or 2, that up to eight results side by
//                                      side take at once
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
  static constexpr size_t kTileGroups = kTokens < kXGroup ? 1 : kTokens / kXGroup;
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

// Adds products to `sum`, of kUnits units at once, enough chains of sums to hide the latency of the
// dot products. A unit is a part of a block: of the block `block` its part `part`, then the parts
// (two to a block) or blocks that follow. code(u, p, q) gives quad q of panel p of the block of
// unit u, scale(u, p, g, offset) its scales. The order of a result's sums does not depend on the
// tile. in: the block's place in `segment`.
template <class Type, int kPanels, int kTokens, int kUnits, class Code, class Scale>
inline void add_units(const TokenTile<kTokens>& tile, size_t block, size_t in, int part,
                      const Segment<Type, kTokens>& segment, const Code& code, const Scale& scale,
                      F32x16 (*sum)[kTokens]) {
  constexpr int kParts = static_cast<int>(Type::kParts), kQuads = 8 / kParts;
  const auto block_of = [&](int u) { return kParts == 1 ? static_cast<size_t>(u) : 0; };
  const auto part_of = [&](int u) { return kParts == 1 ? 0 : part + u; };
  const auto in_segment = [&](const auto& numbers, int u, int t) {
    return numbers[t / static_cast<int>(kXGroup)]
                  [(kParts * (in + block_of(u)) + static_cast<size_t>(part_of(u))) * kXGroup +
                   static_cast<size_t>(t) % kXGroup + tile.lane()];
  };
  const auto start = [&](int u, int t) {
    return Type::kZeroBits >= 0 ? in_segment(segment.starts, u, t) : kFloatZero;
  };
  const auto codes = [&](int u, int t, int q) {
    return tile.x->codes +
           4 * (tile.at(t, block + block_of(u), 8) + static_cast<size_t>(q) * kXGroup);
  };
  I32x16 products[kUnits][kPanels][kTokens];
  if constexpr (kMatrixProducts && kTokens % 2 == 0) {
    for (int u = 0; u < kUnits; ++u) {
      for (int p = 0; p < kPanels; ++p) {
        I32x16(&to)[kTokens] = products[u][p];
        for (int t = 0; t < kTokens; t += 2)
          splat_two(to[t], to[t + 1], start(u, t), start(u, t + 1));
#pragma GCC unroll 4
        for (int i = 0; i < kQuads; i += 2) {
          const int q = kQuads * part_of(u) + i;
          const U32x16 low = code(u, p, q), high = code(u, p, q + 1);
          for (int t = 0; t < kTokens; t += 2)
            dot_8(to[t], to[t + 1], low, high, codes(u, t, q), codes(u, t, q + 1));
        }
        for (int t = 0; t < kTokens; t += 2) separate(to[t], to[t + 1]);
      }
    }
  } else {
#pragma GCC unroll 2
    for (int u = 0; u < kUnits; ++u) {
      for (int t = 0; t < kTokens; ++t) {
        for (int p = 0; p < kPanels; ++p) products[u][p][t] = splat_i32(start(u, t));
      }
    }
#pragma GCC unroll 8
    for (int i = 0; i < kQuads; ++i) {
#pragma GCC unroll 2
      for (int u = 0; u < kUnits; ++u) {
        const int q = kQuads * part_of(u) + i;
        U32x16 c[kPanels];
        for (int p = 0; p < kPanels; ++p) c[p] = code(u, p, q);
        for (int t = 0; t < kTokens; ++t) {
          const U32x16 four = splat_four_codes(codes(u, t, q));
          for (int p = 0; p < kPanels; ++p) {
            products[u][p][t] = dot_4<Type::kSigned>(products[u][p][t], c[p], four);
          }
        }
      }
    }
  }
#pragma GCC unroll 2
  for (int u = 0; u < kUnits; ++u) {
    const int group = Type::kGroups == 2 ? part_of(u) : 0;
    for (int t = 0; t < kTokens; ++t) {
      const size_t at = tile.at(t, block + block_of(u), Type::kFine ? 2 : 1) +
                        (Type::kFine ? static_cast<size_t>(part_of(u)) * kXGroup : 0);
      const F32x16 x_scale = splat_f32(tile.x->scales[at]);
      const F32x16 x_shift = splat_f32(tile.x->shifts[at]);
      for (int p = 0; p < kPanels; ++p) {
        sum[p][t] = fused(scale(u, p, group, false), scaled(products[u][p][t], x_scale, x_shift),
                          sum[p][t]);
        if (Type::kOffsets) {
          sum[p][t] =
              fused(scale(u, p, group, true), splat_f32(in_segment(segment.sums, u, t)), sum[p][t]);
        }
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
        add_units<Type, kPanels, kTokens, 1>(
            tile, x->first_block + b, b - from, part, segment,
            [&](int, int p, int q) { return load_u32(codes + ((p * blocks + b) * 8 + q) * 64); },
            [&](int, int p, int g, bool offset) {
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
    const size_t tiles = w->panels / kTilePanels * ((x->tokens + kTileTokens - 1) / kTileTokens);
    if (tiles == 0) return;
    NextPanels next(w, tiles * w->blocks);
    for (size_t p = 0; p + kTilePanels <= w->panels; p += kTilePanels) {
      for (size_t t = 0; t < x->tokens; t += kTileTokens) {
        multiply_tile<decltype(pairing), kTilePanels, kTileTokens>(w, p, x, t, y, y_stride, first,
                                                                   &next);
      }
    }
  });
}

constexpr int kStreamPanels = 2;  // Side by side.

// Parts of blocks that kTokens tokens meet at once, and blocks of a panel that are taken together:
// a file block, and two blocks at least where parts are.
template <int kTokens>
constexpr int kUnitsAtOnce = kTokens < 8 ? kStreamUnits : 1;
template <class Type, int kTokens>
constexpr size_t kBlocksTogether = Type::kBlocks == 1 ? kUnitsAtOnce<kTokens> : Type::kBlocks;

// The places of their next blocks.
using StreamedPanels = const uint8_t* [kStreamPanels];

// What is asked for while a block is computed: of these panels what lies so far on.
struct Asked {
  bool panels[kStreamPanels];
  size_t ahead;
};

// kCount blocks of panels as they lie in memory, from the block `first` of x's columns on; in:
// that block's place in `segment`.
template <class Type, int kTokens, size_t kCount>
inline void stream_blocks(const TokenTile<kTokens>& tile, const StreamedPanels& panels, size_t in,
                          size_t first, const Asked& asked, const Segment<Type, kTokens>& segment,
                          F32x16 (*sum)[kTokens]) {
  constexpr size_t kGroups = Type::kGroups, kShare = Type::kBytes / Type::kBlocks;
  F32x16 s[kStreamPanels][kCount * kGroups], o[kStreamPanels][kCount * kGroups];
  for (int p = 0; p < kStreamPanels; ++p) {
    for (size_t i = 0; i < kCount; i += Type::kBlocks)
      Type::scales(panels[p] + i * kShare, s[p] + i * kGroups, o[p] + i * kGroups);
  }
  const auto add = [&](size_t i, int part, auto units) {
    constexpr int kUnits = decltype(units)::kValue;
    const auto block_of = [&](int u) {
      return i + (Type::kParts == 1 ? static_cast<size_t>(u) : 0);
    };
    add_units<Type, kStreamPanels, kTokens, kUnits>(
        tile, tile.x->first_block + first + i, in + i, part, segment,
        [&](int u, int p, int q) {
          const size_t block = block_of(u);
          return Type::quad(panels[p] + block / Type::kBlocks * Type::kBytes, block % Type::kBlocks,
                            static_cast<size_t>(q));
        },
        [&](int u, int p, int g, bool offset) {
          return (offset ? o : s)[p][block_of(u) * kGroups + static_cast<size_t>(g)];
        },
        sum);
  };
  constexpr int kUnits = kUnitsAtOnce<kTokens>;
  constexpr size_t kTogether = Type::kParts == 1 && kCount > 1 ? kUnits : 1;
  constexpr size_t kUnrolled = kCount < 4 ? kCount : 4;  // A type's shifts repeat after four.
  for (size_t four = 0; four < kCount; four += kUnrolled) {
#pragma GCC unroll 4
    for (size_t i = four; i < four + kUnrolled; i += kTogether) {
      for (int p = 0; p < kStreamPanels; ++p) {
        for (size_t line = 0; asked.panels[p] && line < kTogether * kShare; line += 64)
          __builtin_prefetch(panels[p] + asked.ahead + i * kShare + line);
      }
      if (Type::kParts == 1) {
        add(i, 0, Number<static_cast<int>(kTogether)>{});
      } else if (kUnits == 2) {
        add(i, 0, Number<2>{});
      } else {
        add(i, 0, Number<1>{});
        add(i, 1, Number<1>{});
      }
    }
  }
}

// Pairs of panels that lie one after the other, read from memory.
template <class Type>
class PanelStream {
 public:
  // count: of the panels; one that lacks its pair is its own.
  PanelStream(const uint8_t* panels, size_t count, size_t stride, size_t blocks)
      : panels_(panels), count_(count), stride_(stride), bytes_(blocks * kShare) {}

  bool is_pair(size_t panel) const { return panel + 1 < count_; }
  const uint8_t* panel(size_t panel, int p) const {
    return panels_ + (panel + (is_pair(panel) ? static_cast<size_t>(p) : 0)) * stride_;
  }
  // While `tokens` meet a block of a pair for the time `pass`. The first pass takes about as long
  // as memory does: it asks for each panel some microseconds ahead, and at its end for the next
  // pair. With as much to do once more, the first two passes share the next pair.
  Asked asked(size_t panel, size_t block, size_t pass, size_t tokens) const {
    const bool shared = tokens > kStreamTokens * 3 / 2;
    if (pass > 0 && !shared) return {};
    if (shared && (pass > 0 || panel > 0)) {
      const bool more = panel + kStreamPanels < count_;
      return {{more && (pass == 0 || (pass == 1 && panel == 0)), more && pass == 1},
              kStreamPanels * stride_};
    }
    const size_t at = block * kShare + kAhead;
    return {{true, true}, kAhead + (at < bytes_ ? 0 : stride_)};
  }

 private:
  static constexpr size_t kShare = Type::kBytes / Type::kBlocks;
  // More where what is read first of a file block, its scales, is its end.
  static constexpr size_t kAhead = Type::kGroups == 2 ? 4096 : 2048;
  const uint8_t* panels_;
  size_t count_, stride_, bytes_;
};

// The columns of a pair of panels of a stream, and kTokens tokens from t0 on.
template <class Type, int kTokens>
void stream_tokens(const PanelStream<Type>& stream, size_t panel, size_t blocks,
                   const SaseoPanelActivations* x, size_t t0, float* y, size_t y_stride) {
  const TokenTile<kTokens> tile = {x, t0};
  const size_t pass = t0 / kStreamTokens;
  const auto result = [&](int p, int t) {
    const size_t row = 16 * (panel + (stream.is_pair(panel) ? static_cast<size_t>(p) : 0));
    return y + (t0 + static_cast<size_t>(t)) * y_stride + row;
  };
  StreamedPanels panels;
  F32x16 sum[kStreamPanels][kTokens];
  for (int p = 0; p < kStreamPanels; ++p) {
    panels[p] = stream.panel(panel, p);
    for (int t = 0; t < kTokens; ++t) sum[p][t] = F32x16{};
  }
  const auto advance = [&](size_t count) {
    for (auto& at : panels) at += count * Type::kBytes / Type::kBlocks;
  };
  for (size_t from = 0; from < blocks; from += kSegmentBlocks) {
    const size_t end = from + kSegmentBlocks < blocks ? from + kSegmentBlocks : blocks;
    Segment<Type, kTokens> segment;
    fill_segment<Type, kTokens>(tile, x->first_block + from, end - from, &segment);
    constexpr size_t kTogether = kBlocksTogether<Type, kTokens>;
    size_t b = from;
    for (; b + kTogether <= end; b += kTogether) {
      stream_blocks<Type, kTokens, kTogether>(
          tile, panels, b - from, b, stream.asked(panel, b, pass, x->tokens), segment, sum);
      advance(kTogether);
    }
    if constexpr (kTogether > Type::kBlocks) {
      if (b < end) {
        stream_blocks<Type, kTokens, 1>(tile, panels, b - from, b,
                                        stream.asked(panel, b, pass, x->tokens), segment, sum);
      }
      advance(end - b);
    }
  }
  for (int p = 0; p < kStreamPanels; ++p) {
    for (int t = 0; t < kTokens && tile.has(t); ++t) store_f32(result(p, t), sum[p][t]);
  }
}

void stream_panels(uint32_t type, const uint8_t* panels, size_t count, size_t stride, size_t blocks,
                   const SaseoPanelActivations* x, float* y, size_t y_stride) {
  with_panel_type(type, x->fine, [&](auto pairing) {
    using Type = decltype(pairing);
    const PanelStream<Type> streamed(panels, count, stride, blocks);
    for (size_t panel = 0; panel < count; panel += kStreamPanels) {
      for (size_t t = 0; t < x->tokens; t += kStreamTokens) {
        const size_t left = x->tokens - t;
        const auto stream = [&](auto tokens) {
          stream_tokens<Type, decltype(tokens)::kValue>(streamed, panel, blocks, x, t, y, y_stride);
        };
        if (left == 1 || kStreamTokens == 1) {
          stream(Number<1>{});
        } else if (left == 2 || kStreamTokens == 2) {
          stream(Number<2>{});
        } else if (left <= 4 || kStreamTokens == 4) {
          stream(Number<4>{});
        } else {
          stream(Number<kStreamTokens>{});
        }
      }
    }
  });
}

}  // namespace
