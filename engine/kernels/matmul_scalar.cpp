// The readable reference of the forward pass's kernels; every other version is tested against it.
#include "engine/kernels/kernel_table.h"
#include "engine/kernels/lanes.h"
#include "engine/kernels/unpack_body.h"

namespace {

constexpr int kTilePanels = 1;
constexpr int kTileTokens = 1;
constexpr int kStreamTokens = 1;
constexpr int kFloatPanels = 1;
constexpr int kFloatTokens = 2;
constexpr bool kSignedCodes = true;
constexpr bool kMatrixProducts = false;

template <bool kSigned>
inline I32Register dot_4(I32Register sums, U32Register codes, U32Register x) {
  constexpr size_t kBytes = sizeof codes;
  int32_t out[kBytes / 4];
  uint8_t a[kBytes];
  int8_t b[kBytes];
  store(out, sums);
  store(a, codes);
  store(b, x);
  for (size_t i = 0; i < kBytes; ++i) {
    out[i / 4] += (kSigned ? static_cast<int8_t>(a[i]) : a[i]) * b[i];
  }
  load(sums, out);
  return sums;
}

inline F32Register fused(F32Register a, F32Register b, F32Register c) { return a * b + c; }

inline F32Register scaled(I32Register sums, F32Register x_scale, F32Register) {
  return to_f32(sums - kFloatZero) * x_scale;
}

inline F32x16 halves_16(const uint8_t* bytes) {
  float v[16];
  for (int r = 0; r < 16; ++r) v[r] = float_of_half(bytes + 2 * r);
  return load_f32(v);
}

inline F32x16 bytes_16(const int8_t* bytes) {
  float lanes[16];
  for (int r = 0; r < 16; ++r) lanes[r] = bytes[r];
  return load_f32(lanes);
}

U32Register levels_64(U32Register codes) {
  uint8_t bytes[sizeof codes];
  store(bytes, codes);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(kLevels[byte]);
  load(codes, bytes);
  return codes;
}

}  // namespace

#include "engine/kernels/attention_body.h"
#include "engine/kernels/float_body.h"
#include "engine/kernels/stream_body.h"

const SaseoMatmulKernels kSaseoMatmulScalar = {
    "scalar",        kTilePanels,        kStreamTokens,     turn_floats,
    multiply_floats, unpack_row_of_type, widen_row_of_type, attend,
    quantize_row,    unpack_panel,       multiply_panels,   stream_panels,
    soft_cap,        gelu_times,         rms_norm,          add_row};
