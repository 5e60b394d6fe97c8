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

// Bytes as the even and the odd ones of 16-bit lanes: products of two codes fit there (at most
// 128 * 255), and so each lane of 32 bits is the sum of its two, of even and of odd bytes.
typedef int16_t I16Register __attribute__((vector_size(kRegisterBytes)));
typedef uint16_t U16Register __attribute__((vector_size(kRegisterBytes)));

template <bool kSigned>
inline I16Register even_bytes(U32Register v) {
  const auto high = reinterpret_cast<U16Register>(v) << 8;
  return kSigned ? reinterpret_cast<I16Register>(high) >> 8
                 : reinterpret_cast<I16Register>(high >> 8);
}

template <bool kSigned>
inline I16Register odd_bytes(U32Register v) {
  return kSigned ? reinterpret_cast<I16Register>(v) >> 8
                 : reinterpret_cast<I16Register>(reinterpret_cast<U16Register>(v) >> 8);
}

// The sums of the two 16-bit numbers in each lane.
inline I32Register pair_sums(I16Register products) {
  const auto lanes = reinterpret_cast<I32Register>(products);
  return ((lanes << 16) >> 16) + (lanes >> 16);
}

template <bool kSigned>
inline I32Register dot_4(I32Register sums, U32Register codes, U32Register x) {
  return sums + pair_sums(even_bytes<kSigned>(codes) * even_bytes<true>(x)) +
         pair_sums(odd_bytes<kSigned>(codes) * odd_bytes<true>(x));
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
