// Attention of some queries over the cached keys and values of one head, a block of positions after
// the other with a running softmax, so that no row of scores is ever in memory:
//
//   m' = max(m, max s)    l' = l e^(m - m') + sum e^(s - m')
//   o' = o e^(m - m') + sum e^(s - m') v
//
// with s = q . k, or cap * tanh(q . k / cap), and o / l at the end. Blocks begin at multiples of
// their size and a query's sums have one order, so that its result does not depend on what other
// queries are in the call. Source: Milakov and Gimelshein 2018; Dao et al. 2022 (FlashAttention).
//
// Written once with the compiler's vector types and compiled per instruction set (the
// matmul_*.cpp), which gives before including it, besides panel_body.h's,
//
//   bytes_16(bytes)       16 signed bytes as floats
//   sums_of_16(v, sums)   the sums of the lanes of 16 vectors, if it has a way of its own and
//                         says so by SASEO_OWN_SUMS_OF_16
//
// It must not include anything that has inline functions of external linkage.
#include "engine/kernels/elementwise_body.h"

namespace {

constexpr size_t kAttentionBlock = 32;

#if !defined(SASEO_OWN_SUMS_OF_16)
inline void sums_of_16(const F32x16* v, float* sums) {
  for (int i = 0; i < 16; ++i) sums[i] = sum_of_lanes(v[i]);
}
#endif

struct AttentionF32 {
  static constexpr size_t kBytes = 4;
  static F32x16 load(const void* rows, const float*, size_t at) {
    return load_f32(static_cast<const float*>(rows) + at);
  }
};
struct AttentionF16 {
  static constexpr size_t kBytes = 2;
  static F32x16 load(const void* rows, const float*, size_t at) {
    return halves_16(static_cast<const uint8_t*>(rows) + 2 * at);
  }
};
struct AttentionBytes {
  static constexpr size_t kBytes = 1;
  static F32x16 load(const void* rows, const float* scales, size_t at) {
    return bytes_16(static_cast<const int8_t*>(rows) + at) * splat_f32(scales[at / 32]);
  }
};

// Asks for elements of a row: the cache is read in strides that a processor does not foresee.
template <class Form>
inline void ask_for(const void* rows, const SaseoAttention* a, size_t row, size_t from,
                    size_t count) {
  const auto* at = static_cast<const uint8_t*>(rows) + (row * a->dim + from) * Form::kBytes;
  for (size_t i = 0; i < count * Form::kBytes; i += 64) __builtin_prefetch(at + i);
}

// The rows of a block, and of the one after it (nullptr: there is none), if they are to be asked
// for: its values while its keys are read, the next one's keys while its values are.
struct AttentionRows {
  const size_t* here;
  const size_t* next;
  bool asks;
};

// scores[i][p] = queries[i] . key of row rows[p], for p < kAttentionBlock.
template <class Form, int kQueries>
void score_block(const SaseoAttention* a, const SaseoAttentionQuery* queries,
                 const AttentionRows& block, float (*scores)[kAttentionBlock]) {
  const size_t* rows = block.here;
  constexpr int kKeys = 16 / kQueries;
  for (size_t p = 0; p < kAttentionBlock; p += kKeys) {
    for (size_t k = 0; k < kKeys && block.asks; ++k)
      ask_for<Form>(a->values, a, rows[p + k], 0, a->dim);
    F32x16 sum[16];
    for (int i = 0; i < 16; ++i) sum[i] = splat_f32(0);
    for (size_t d = 0; d < a->dim; d += 16) {
      F32x16 key[kKeys];
      for (int k = 0; k < kKeys; ++k) {
        key[k] = Form::load(a->keys, a->key_scales, rows[p + static_cast<size_t>(k)] * a->dim + d);
      }
      for (int i = 0; i < kQueries; ++i) {
        const F32x16 q = load_f32(queries[i].q + d);
        for (int k = 0; k < kKeys; ++k) {
          sum[i * kKeys + k] = fused(q, key[k], sum[i * kKeys + k]);
        }
      }
    }
    float sums[16];
    sums_of_16(sum, sums);
    for (int i = 0; i < kQueries; ++i) {
      for (size_t k = 0; k < kKeys; ++k)
        scores[i][p + k] = sums[static_cast<size_t>(i) * kKeys + k];
    }
  }
}

// Scores before `from` or from `end` on count nothing. Returns by what the query's sums so far are
// to be multiplied.
inline float weigh_scores(float soft_cap, size_t from, size_t end, SaseoAttentionQuery* query,
                          float* scores) {
  F32x16 s[kAttentionBlock / 16], most = splat_f32(query->largest);
  for (size_t i = 0; i < kAttentionBlock; i += 16) {
    F32x16 v = load_f32(scores + i);
    if (soft_cap > 0) v = capped_16(v, soft_cap);
    s[i / 16] = v;
    most = larger_of(v, most);  // What is not a number changes nothing.
    store_f32(scores + i, v);
  }
  float largest = query->largest;
  if (from == 0 && end == kAttentionBlock) {
    largest = largest_lane(most);
  } else {
    for (size_t p = from; p < end; ++p) largest = scores[p] > largest ? scores[p] : largest;
  }
  F32x16 sums = splat_f32(0);
  for (size_t i = 0; i < kAttentionBlock; i += 16) {
    F32x16 e = keep_odd(s[i / 16], exp_16(s[i / 16] - splat_f32(largest)));
    if (from > i || end < i + 16) {
      float lanes[16];
      store_f32(lanes, e);
      for (size_t j = 0; j < 16; ++j) {
        if (i + j < from || i + j >= end) lanes[j] = 0;
      }
      e = load_f32(lanes);
    }
    store_f32(scores + i, e);
    sums = sums + e;
  }
  float factor = 1;
  if (largest != query->largest) {
    float lanes[16];
    store_f32(lanes, exp_16(splat_f32(query->largest - largest)));
    factor = query->sum == 0 ? 0 : lanes[0];
    query->largest = largest;
  }
  query->sum = query->sum * factor + sum_of_lanes(sums);
  return factor;
}

// out = factor * out + sum over from <= p < end of weights[i][p] * value of row rows[p].
template <class Form, int kQueries>
void mix_block(const SaseoAttention* a, const SaseoAttentionQuery* queries,
               const AttentionRows& block, size_t from, size_t end, const float* factors,
               const float (*weights)[kAttentionBlock]) {
  constexpr int kVectors = 2;
  const size_t* rows = block.here;
  for (size_t d = 0; d < a->dim; d += 16 * kVectors) {
    for (size_t p = 0; p < kAttentionBlock && block.asks && block.next != nullptr; ++p)
      ask_for<Form>(a->keys, a, block.next[p], d, 16 * kVectors);
    F32x16 sum[kQueries][kVectors];
    for (int i = 0; i < kQueries; ++i) {
      for (int v = 0; v < kVectors; ++v) {
        sum[i][v] = load_f32(queries[i].out + d + 16 * v) * splat_f32(factors[i]);
      }
    }
    for (size_t p = from; p < end; ++p) {
      F32x16 value[kVectors];
      for (size_t v = 0; v < kVectors; ++v) {
        value[v] = Form::load(a->values, a->value_scales, rows[p] * a->dim + d + 16 * v);
      }
      for (int i = 0; i < kQueries; ++i) {
        const F32x16 weight = splat_f32(weights[i][p]);
        for (int v = 0; v < kVectors; ++v) sum[i][v] = fused(weight, value[v], sum[i][v]);
      }
    }
    for (int i = 0; i < kQueries; ++i) {
      for (int v = 0; v < kVectors; ++v) store_f32(queries[i].out + d + 16 * v, sum[i][v]);
    }
  }
}

template <class Form, int kQueries>
void attend_block(const SaseoAttention* a, SaseoAttentionQuery* queries, size_t block,
                  const AttentionRows& rows) {
  size_t from[kQueries], end[kQueries], first = kAttentionBlock, last = 0;
  for (int i = 0; i < kQueries; ++i) {
    from[i] = queries[i].first > block ? queries[i].first - block : 0;
    end[i] = queries[i].end > block ? queries[i].end - block : 0;
    if (end[i] > kAttentionBlock) end[i] = kAttentionBlock;
    if (from[i] >= end[i]) continue;
    if (from[i] < first) first = from[i];
    if (end[i] > last) last = end[i];
  }
  if (first >= last) return;
  float scores[kQueries][kAttentionBlock];
  float factors[kQueries];
  score_block<Form, kQueries>(a, queries, rows, scores);
  for (int i = 0; i < kQueries; ++i) {
    factors[i] = 1;
    if (from[i] < end[i]) {
      factors[i] = weigh_scores(a->soft_cap, from[i], end[i], &queries[i], scores[i]);
    } else {
      for (float& score : scores[i]) score = 0;
    }
  }
  mix_block<Form, kQueries>(a, queries, rows, first, last, factors, scores);
}

template <class Form>
void attend_in(const SaseoAttention* a, SaseoAttentionQuery* queries, size_t count) {
  size_t first = queries[0].first, end = queries[0].end;
  for (size_t i = 0; i < count; ++i) {
    first = queries[i].first < first ? queries[i].first : first;
    end = queries[i].end > end ? queries[i].end : end;
    queries[i].largest = -3e38f;
    queries[i].sum = 0;
    for (size_t d = 0; d < a->dim; ++d) queries[i].out[d] = 0;
  }
  size_t rows[2][kAttentionBlock];  // Of this block and the next.
  // Positions that nobody asks for may not be there.
  const auto set_rows = [&](size_t block) {
    for (size_t p = 0; p < kAttentionBlock; ++p) {
      const size_t position = block + p < first ? first : block + p < end ? block + p : end - 1;
      rows[block / kAttentionBlock % 2][p] = position % a->slots;
    }
  };
  size_t block = first / kAttentionBlock * kAttentionBlock;
  set_rows(block);
  for (; block < end; block += kAttentionBlock) {
    const size_t next = block + kAttentionBlock;
    if (next < end) set_rows(next);
    AttentionRows lines = {rows[block / kAttentionBlock % 2],
                           next < end ? rows[next / kAttentionBlock % 2] : nullptr, true};
    size_t i = 0;
    const auto attend_next = [&](auto number) {
      attend_block<Form, decltype(number)::kValue>(a, queries + i, block, lines);
      lines.asks = false;
    };
    for (; i + 8 <= count; i += 8) attend_next(Number<8>{});
    for (; i + 4 <= count; i += 4) attend_next(Number<4>{});
    for (; i + 2 <= count; i += 2) attend_next(Number<2>{});
    for (; i < count; ++i) attend_next(Number<1>{});
  }
  for (size_t i = 0; i < count; ++i) {
    const F32x16 sum = splat_f32(queries[i].sum);
    for (size_t d = 0; d < a->dim; d += 16) {
      store_f32(queries[i].out + d, load_f32(queries[i].out + d) / sum);
    }
  }
}

void attend(const SaseoAttention* a, SaseoAttentionQuery* queries, size_t count) {
  switch (a->form) {
    case kSaseoKvF32:
      return attend_in<AttentionF32>(a, queries, count);
    case kSaseoKvF16:
      return attend_in<AttentionF16>(a, queries, count);
    default:
      return attend_in<AttentionBytes>(a, queries, count);
  }
}

}  // namespace
