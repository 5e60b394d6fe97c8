// Products of quantised weights with few tokens: panels are read as they lie in memory, each once
// (stream_panels). A part of panel_body.h, which says what its hooks are.
//
// Panels go side by side: what is loaded of a token serves them all (a core loads two registers a
// cycle, and products that use each load once leave no room for those of the weights). A block is
// unpacked in registers and meets up to kStreamTokens tokens at once; more tokens follow while the
// panels are in the second-level cache.
//
// It must not include anything that has inline functions of external linkage.
#include "engine/kernels/panel_body.h"

namespace {

// Side by side: one or two tokens leave registers for four, if not also for the scales of a file
// block of several.
template <class Type, int kTokens>
constexpr int kStreamPanels = kTokens <= 2 && kStreamTokens > 2 && Type::kBlocks == 1 ? 4 : 2;

// That are near enough to be read again. A multiple of the others.
constexpr size_t kNearPanels = 4;

// From one panel to another, modulo what addresses are.
inline size_t distance(const uint8_t* from, const uint8_t* to) {
  return reinterpret_cast<uintptr_t>(to) - reinterpret_cast<uintptr_t>(from);
}

// Panels side by side.
template <class Type, int kPanels>
class PanelGroup {
 public:
  static constexpr size_t kBlockBytes = Type::kBytes / Type::kBlocks;  // Of 32 columns.

  // Of w's panels those from `first` on; where too few are left the last one again.
  PanelGroup(const SaseoStreamedPanels& w, size_t first) : bytes_(w.blocks * kBlockBytes) {
    for (int p = 0; p < kPanels; ++p) {
      const size_t at = first + static_cast<size_t>(p);
      indexes_[p] = at < w.count ? at : w.count - 1;
      panels_[p] = w.panels + indexes_[p] * w.stride;
    }
    if (first + kPanels < w.count) {
      next_ = kPanels * w.stride;
    } else if (w.next != nullptr) {
      next_ = distance(panels_[0], w.next);
    }
  }

  size_t index(int p) const { return indexes_[p]; }
  const uint8_t* block(int p, size_t block) const { return panels_[p] + block * kBlockBytes; }

  // From a panel to the one that takes its place in the next group; 0: there is none.
  size_t next() const { return next_; }
  // From a block to what its panel needs soon: some blocks on, or at the beginning of the next.
  size_t ahead(size_t block) const {
    constexpr size_t kAhead = 4096;
    if (block * kBlockBytes + kAhead < bytes_) return kAhead;
    return next_ == 0 ? 0 : next_ + kAhead - bytes_;
  }

 private:
  const uint8_t* panels_[kPanels];
  size_t indexes_[kPanels];
  size_t bytes_;
  size_t next_ = 0;
};

// What is asked for while a group is computed, block by block. Nearly all that memory gives arrives
// in time if what comes next is asked for into the first-level cache, and what comes much later
// into the second; asking for either alone leaves a tenth of it unused.
struct Asked {
  bool near;     // What the group itself needs soon.
  int count;     // Of panels of a later group, none, half or all,
  size_t later;  // which lie so far behind the first panels of this one.
};

// What lies `behind` a block, which need not be in the same array.
template <size_t kBytes, int kCacheLevel>
inline void ask_for(const uint8_t* block, size_t behind) {
  const uintptr_t at = reinterpret_cast<uintptr_t>(block) + behind;
  for (size_t line = 0; line < kBytes; line += 64)
    __builtin_prefetch(reinterpret_cast<const void*>(at + line), 0, kCacheLevel == 1 ? 3 : 2);
}

// A file block of a group's panels, from the block `block` on, meets tokens; in: its place in
// `segment`.
template <class Type, int kTokens>
inline void stream_block(const PanelGroup<Type, kStreamPanels<Type, kTokens>>& group, size_t block,
                         const TokenTile<kTokens>& tile, size_t in, const Asked& asked,
                         const Segment<Type, kTokens>& segment, F32x16 (*sum)[kTokens]) {
  constexpr int kPanels = kStreamPanels<Type, kTokens>;
  constexpr size_t kBlocks = Type::kBlocks, kGroups = Type::kGroups;
  constexpr size_t kBytes = PanelGroup<Type, kPanels>::kBlockBytes;
  const uint8_t* panels[kPanels];
  F32x16 s[kPanels][kBlocks * kGroups], o[kPanels][kBlocks * kGroups];
  for (int p = 0; p < kPanels; ++p) {
    panels[p] = group.block(p, block);
    Type::scales(panels[p], s[p], o[p]);
  }
  const size_t ahead = group.ahead(block);
  constexpr size_t kUnrolled = kBlocks < 4 ? kBlocks : 4;  // A type's shifts repeat after four.
  for (size_t four = 0; four < kBlocks; four += kUnrolled) {
#pragma GCC unroll 4
    for (size_t i = four; i < four + kUnrolled; ++i) {
      // What is near must not wait behind what comes from memory.
      for (int p = 0; p < kPanels && asked.near; ++p)
        ask_for<kBytes, 1>(panels[p] + i * kBytes, ahead);
      for (int p = 0; p < kPanels && (p < kPanels / 2 ? asked.count > 0 : asked.count == kPanels);
           ++p)
        ask_for<kBytes, 2>(panels[p] + i * kBytes, asked.later);
#pragma GCC unroll 2
      for (int part = 0; part < static_cast<int>(Type::kParts); ++part) {
        add_part<Type, kPanels, kTokens>(
            tile, tile.x->first_block + block + i, in + i, part, segment,
            [&](int p, int q) { return Type::quad(panels[p], i, static_cast<size_t>(q)); },
            [&](int p, int g, bool offset) {
              return (offset ? o : s)[p][i * kGroups + static_cast<size_t>(g)];
            },
            sum);
      }
    }
  }
}

// A group of panels and kTokens tokens from t0 on. Not a part of its callers: many together are
// compiled worse.
template <class Type, int kTokens>
__attribute__((noinline)) void stream_group(
    const PanelGroup<Type, kStreamPanels<Type, kTokens>>& group, size_t blocks,
    const SaseoPanelActivations* x, size_t t0, const Asked& asked, float* y, size_t y_stride) {
  constexpr int kPanels = kStreamPanels<Type, kTokens>;
  const TokenTile<kTokens> tile = {x, t0};
  F32x16 sum[kPanels][kTokens];
  for (int p = 0; p < kPanels; ++p) {
    for (int t = 0; t < kTokens; ++t) sum[p][t] = F32x16{};
  }
  for (size_t from = 0; from < blocks; from += kSegmentBlocks) {
    const size_t end = from + kSegmentBlocks < blocks ? from + kSegmentBlocks : blocks;
    Segment<Type, kTokens> segment;
    fill_segment<Type, kTokens>(tile, x->first_block + from, end - from, &segment);
    for (size_t b = from; b < end; b += Type::kBlocks)
      stream_block<Type, kTokens>(group, b, tile, b - from, asked, segment, sum);
  }
  for (int p = 0; p < kPanels; ++p) {
    for (int t = 0; t < kTokens && tile.has(t); ++t)
      store_f32(y + (t0 + static_cast<size_t>(t)) * y_stride + 16 * group.index(p), sum[p][t]);
  }
}

// Those of kTokens tokens from t0 on that there are.
template <class Type, int kTokens>
void stream_tokens(const SaseoStreamedPanels& w, const SaseoPanelActivations* x, size_t t0,
                   float* y, size_t y_stride) {
  constexpr int kPanels = kStreamPanels<Type, kTokens>;
  for (size_t panel = 0; panel < w.count; panel += kPanels) {
    const PanelGroup<Type, kPanels> group(w, panel);
    Asked asked = {t0 == 0, t0 == 0 && group.next() != 0 ? kPanels : 0, group.next()};
    if (x->tokens > kStreamTokens * 3 / 2 && t0 < 2 * kStreamTokens) {
      // With as much to do once more, two passes share the panels that come when all are done.
      const size_t first = t0 / kStreamTokens * kNearPanels / 2 + panel / 2;
      asked.count = w.next != nullptr ? kPanels / 2 : 0;
      asked.later = distance(group.block(0, 0), w.next) + first * w.stride;
    }
    stream_group<Type, kTokens>(group, w.blocks, x, t0, asked, y, y_stride);
  }
}

void stream_panels(uint32_t type, const SaseoStreamedPanels* w, const SaseoPanelActivations* x,
                   float* y, size_t y_stride) {
  constexpr int kTwo = kStreamTokens < 2 ? kStreamTokens : 2;
  constexpr int kFour = kStreamTokens < 4 ? kStreamTokens : 4;
  constexpr int kSix = kStreamTokens < 6 ? kStreamTokens : 6;
  const size_t together = x->tokens > kStreamTokens ? kNearPanels : w->count;
  with_panel_type(type, x->fine, [&](auto pairing) {
    using Type = decltype(pairing);
    for (size_t panel = 0; panel < w->count; panel += together) {
      SaseoStreamedPanels part = *w;
      part.panels = w->panels + panel * w->stride;
      if (panel + together < w->count) {
        part.count = together;
        part.next = part.panels + together * w->stride;
      } else {
        part.count = w->count - panel;
      }
      for (size_t t = 0; t < x->tokens; t += kStreamTokens) {
        const size_t left = x->tokens - t;
        const auto stream = [&](auto tokens) {
          stream_tokens<Type, decltype(tokens)::kValue>(part, x, t, y + 16 * panel, y_stride);
        };
        if (left == 1) {
          stream(Number<1>{});
        } else if (left == 2) {
          stream(Number<kTwo>{});
        } else if (left <= kFour) {
          stream(Number<kFour>{});
        } else if (left <= kSix) {
          stream(Number<kSix>{});
        } else {
          stream(Number<kStreamTokens>{});
        }
      }
    }
  });
}

}  // namespace
