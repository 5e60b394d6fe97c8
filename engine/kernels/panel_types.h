// How each quantised type's blocks lie in a panel (engine/model/panels.h) and give codes and
// scales:
//
//   weight = scale * (code - zero) + offset         codes 0..255, or -128..127 where signed
//
// A panel's file block holds kBlocks blocks of 32 columns of 16 rows, each field's units (halves,
// or words of four bytes) 16 side by side; unpack_body.h tells the fields. A type gives
//
//   kBlocks, kBytes      blocks of 32 columns in a file block, and its bytes
//   kGroups              scales to 32 columns: 1 or 2
//   kOffsets, kZeroBits  whether it has offsets; zero = 1 << kZeroBits, none if negative
//   kSigned              whether its codes are signed
//   scales(p, s, o)      the scales (kBlocks, kGroups, 16 rows), and offsets where it has them
//   quad(p, b, q)        the codes of the columns 4 q .. 4 q + 3 of block b, q < 8
//
// Included by the instruction sets' files, which give halves_16, levels_64 and kSignedCodes. It
// must not include anything that has inline functions of external linkage.
namespace {

// Byte `i` of each lane, unsigned or signed, as a float.
inline F32x16 byte_of(U32x16 v, int i) { return to_f32(as_i32((v >> (8 * i)) & 0xFF)); }
inline F32x16 signed_byte_of(U32x16 v, int i) { return to_f32(as_i32(v << (24 - 8 * i)) >> 24); }

// Signed codes, as they are or raised by 128.
constexpr uint32_t kSignRaise = kSignedCodes ? 0 : 0x80808080u;
constexpr int kSignedZeroBits = kSignedCodes ? -1 : 7;

// v >> by, or v << -by.
inline U32x16 shifted(U32x16 v, int by) { return by < 0 ? v << -by : v >> by; }

// The low four bits of the bytes of `low`, and of `high` the others that are in `bits`.
inline U32x16 low_and_high(U32x16 low, U32x16 high, uint32_t bits) {
  return (low & 0x0F0F0F0Fu) | (high & (bits & 0xF0F0F0F0u));
}

// Of 16 bytes of nibbles a row: the low ones are the first 16 columns.
inline U32x16 nibbles(const uint8_t* p, size_t q) {
  return (load_u32(p + 64 * (q % 4)) >> (q < 4 ? 0 : 4)) & 0x0F0F0F0Fu;
}

struct PanelQ40 {
  static constexpr size_t kBlocks = 1, kBytes = 18 * 16, kGroups = 1;
  static constexpr bool kOffsets = false, kSigned = false;
  static constexpr int kZeroBits = 3;
  static void scales(const uint8_t* p, F32x16* s, F32x16*) { s[0] = halves_16(p); }
  static U32x16 quad(const uint8_t* p, size_t, size_t q) { return nibbles(p + 32, q); }
};

struct PanelQ41 {
  static constexpr size_t kBlocks = 1, kBytes = 20 * 16, kGroups = 1;
  static constexpr bool kOffsets = true, kSigned = false;
  static constexpr int kZeroBits = -1;
  static void scales(const uint8_t* p, F32x16* s, F32x16* o) {
    s[0] = halves_16(p);
    o[0] = halves_16(p + 32);
  }
  static U32x16 quad(const uint8_t* p, size_t, size_t q) { return nibbles(p + 64, q); }
};

// Bits 4 * quad .. 4 * quad + 3 of each lane as bit 4 of its four bytes.
inline U32x16 fifth_bits(U32x16 bits, size_t quad) {
  return ((((bits >> static_cast<int>(4 * quad)) & 0x0F) * 0x00204081u) & 0x01010101u) << 4;
}

// Of a word of fifth bits, then nibbles.
inline U32x16 five_bits(const uint8_t* p, size_t q) {
  return nibbles(p + 64, q) | fifth_bits(load_u32(p), q);
}

struct PanelQ50 {
  static constexpr size_t kBlocks = 1, kBytes = 22 * 16, kGroups = 1;
  static constexpr bool kOffsets = false, kSigned = false;
  static constexpr int kZeroBits = 4;
  static void scales(const uint8_t* p, F32x16* s, F32x16*) { s[0] = halves_16(p); }
  static U32x16 quad(const uint8_t* p, size_t, size_t q) { return five_bits(p + 32, q); }
};

struct PanelQ51 {
  static constexpr size_t kBlocks = 1, kBytes = 24 * 16, kGroups = 1;
  static constexpr bool kOffsets = true, kSigned = false;
  static constexpr int kZeroBits = -1;
  static void scales(const uint8_t* p, F32x16* s, F32x16* o) {
    s[0] = halves_16(p);
    o[0] = halves_16(p + 32);
  }
  static U32x16 quad(const uint8_t* p, size_t, size_t q) { return five_bits(p + 64, q); }
};

struct PanelQ80 {
  static constexpr size_t kBlocks = 1, kBytes = 34 * 16, kGroups = 1;
  static constexpr bool kOffsets = false, kSigned = kSignedCodes;
  static constexpr int kZeroBits = kSignedZeroBits;
  static void scales(const uint8_t* p, F32x16* s, F32x16*) { s[0] = halves_16(p); }
  static U32x16 quad(const uint8_t* p, size_t, size_t q) {
    return load_u32(p + 32 + 64 * q) ^ kSignRaise;
  }
};

inline U32x16 leveled_nibbles(const uint8_t* p, size_t q) {
  return levels_64(nibbles(p, q)) ^ kSignRaise;
}

struct PanelIq4Nl {
  static constexpr size_t kBlocks = 1, kBytes = 18 * 16, kGroups = 1;
  static constexpr bool kOffsets = false, kSigned = kSignedCodes;
  static constexpr int kZeroBits = kSignedZeroBits;
  static void scales(const uint8_t* p, F32x16* s, F32x16*) { s[0] = halves_16(p); }
  static U32x16 quad(const uint8_t* p, size_t, size_t q) { return leveled_nibbles(p + 32, q); }
};

struct PanelIq4Xs {
  static constexpr size_t kBlocks = 8, kBytes = 136 * 16, kGroups = 1;
  static constexpr bool kOffsets = false, kSigned = kSignedCodes;
  static constexpr int kZeroBits = kSignedZeroBits;
  static void scales(const uint8_t* p, F32x16* s, F32x16*) {
    const F32x16 d = halves_16(p);
    const U32x16 high = widen_u16(p + 32);
    const U32x16 low = load_u32(p + 64);
    for (int g = 0; g < 8; ++g) {
      const U32x16 six = ((low >> (4 * g)) & 0x0F) | (((high >> (2 * g)) & 3) << 4);
      s[g] = d * (to_f32(as_i32(six)) - 32.0f);
    }
  }
  static U32x16 quad(const uint8_t* p, size_t b, size_t q) {
    return leveled_nibbles(p + 128 + 256 * b, q);
  }
};

// The scales and minima of eight groups from their 12 bytes (unpack_six_bit_pairs).
inline void six_bit_scales(const uint8_t* p, F32x16* s, F32x16* o) {
  const F32x16 d = halves_16(p), dmin = -halves_16(p + 32);
  const U32x16 w0 = load_u32(p + 64), w1 = load_u32(p + 128), w2 = load_u32(p + 192);
  const U32x16 scales[2] = {w0 & 0x3F3F3F3Fu,
                            (w2 & 0x0F0F0F0Fu) | (((w0 >> 6) & 0x03030303u) << 4)};
  const U32x16 minima[2] = {w1 & 0x3F3F3F3Fu,
                            ((w2 >> 4) & 0x0F0F0F0Fu) | (((w1 >> 6) & 0x03030303u) << 4)};
  for (int g = 0; g < 8; ++g) {
    s[g] = d * byte_of(scales[g / 4], g % 4);
    o[g] = dmin * byte_of(minima[g / 4], g % 4);
  }
}

struct PanelQ4K {
  static constexpr size_t kBlocks = 8, kBytes = 144 * 16, kGroups = 1;
  static constexpr bool kOffsets = true, kSigned = false;
  static constexpr int kZeroBits = -1;
  static void scales(const uint8_t* p, F32x16* s, F32x16* o) { six_bit_scales(p, s, o); }
  static U32x16 quad(const uint8_t* p, size_t b, size_t q) {
    const int shift = static_cast<int>(4 * (b % 2));
    return (load_u32(p + 256 + 512 * (b / 2) + 64 * q) >> shift) & 0x0F0F0F0Fu;
  }
};

struct PanelQ5K {
  static constexpr size_t kBlocks = 8, kBytes = 176 * 16, kGroups = 1;
  static constexpr bool kOffsets = true, kSigned = false;
  static constexpr int kZeroBits = -1;
  static void scales(const uint8_t* p, F32x16* s, F32x16* o) { six_bit_scales(p, s, o); }
  static U32x16 quad(const uint8_t* p, size_t b, size_t q) {
    const int shift = static_cast<int>(4 * (b % 2)), bit = static_cast<int>(b);
    const U32x16 high = load_u32(p + 256 + 64 * q);
    return ((load_u32(p + 768 + 512 * (b / 2) + 64 * q) >> shift) & 0x0F0F0F0Fu) |
           (((high >> bit) & 0x01010101u) << 4);
  }
};

struct PanelQ6K {
  static constexpr size_t kBlocks = 8, kBytes = 210 * 16, kGroups = 2;
  static constexpr bool kOffsets = false, kSigned = false;
  static constexpr int kZeroBits = 5;
  static void scales(const uint8_t* p, F32x16* s, F32x16*) {
    const F32x16 d = halves_16(p + 208 * 16);
    for (int word = 0; word < 4; ++word) {
      const U32x16 bytes = load_u32(p + 3072 + 64 * word);
      for (int i = 0; i < 4; ++i) s[4 * word + i] = d * signed_byte_of(bytes, i);
    }
  }
  // Of each half of the columns: 64 bytes of low nibbles, 32 of two high bits for each block.
  static U32x16 quad(const uint8_t* p, size_t b, size_t q) {
    const size_t half = b / 4, part = b % 4;
    const U32x16 low = load_u32(p + 1024 * half + 512 * (part % 2) + 64 * q);
    const U32x16 high = load_u32(p + 2048 + 512 * half + 64 * q);
    return low_and_high(low >> static_cast<int>(4 * (part / 2)),
                        shifted(high, static_cast<int>(2 * part) - 4), 0x3F3F3F3Fu);
  }
};

struct PanelQ2K {
  static constexpr size_t kBlocks = 8, kBytes = 84 * 16, kGroups = 2;
  static constexpr bool kOffsets = true, kSigned = false;
  static constexpr int kZeroBits = -1;
  static void scales(const uint8_t* p, F32x16* s, F32x16* o) {
    const F32x16 d = halves_16(p + 80 * 16), dmin = -halves_16(p + 82 * 16);
    for (int word = 0; word < 4; ++word) {
      const U32x16 both = load_u32(p + 64 * word);
      for (int i = 0; i < 4; ++i) {
        s[4 * word + i] = d * byte_of(both & 0x0F0F0F0Fu, i);
        o[4 * word + i] = dmin * byte_of((both >> 4) & 0x0F0F0F0Fu, i);
      }
    }
  }
  static U32x16 quad(const uint8_t* p, size_t b, size_t q) {
    const int shift = static_cast<int>(2 * (b % 4));
    return (load_u32(p + 256 + 512 * (b / 4) + 64 * q) >> shift) & 0x03030303u;
  }
};

struct PanelQ3K {
  static constexpr size_t kBlocks = 8, kBytes = 110 * 16, kGroups = 2;
  static constexpr bool kOffsets = false, kSigned = false;
  static constexpr int kZeroBits = 2;
  static void scales(const uint8_t* p, F32x16* s, F32x16*) {
    const F32x16 d = halves_16(p + 108 * 16);
    const uint8_t* six = p + 96 * 16;
    const U32x16 w0 = load_u32(six), w1 = load_u32(six + 64), w2 = load_u32(six + 128);
    const U32x16 scales[4] = {(w0 & 0x0F0F0F0Fu) | ((w2 & 0x03030303u) << 4),
                              (w1 & 0x0F0F0F0Fu) | (((w2 >> 2) & 0x03030303u) << 4),
                              ((w0 >> 4) & 0x0F0F0F0Fu) | (((w2 >> 4) & 0x03030303u) << 4),
                              ((w1 >> 4) & 0x0F0F0F0Fu) | (((w2 >> 6) & 0x03030303u) << 4)};
    for (int g = 0; g < 16; ++g) s[g] = d * (byte_of(scales[g / 4], g % 4) - 32.0f);
  }
  static U32x16 quad(const uint8_t* p, size_t b, size_t q) {
    const int shift = static_cast<int>(2 * (b % 4)), bit = static_cast<int>(b);
    return ((load_u32(p + 512 + 512 * (b / 4) + 64 * q) >> shift) & 0x03030303u) |
           (((load_u32(p + 64 * q) >> bit) & 0x01010101u) << 2);
  }
};

// A type beside activations whose blocks have one scale, or two: kParts partial sums to a block.
template <class Weights, bool kFineX>
struct Pairing : Weights {
  static constexpr bool kFine = kFineX;
  static constexpr size_t kParts = kFineX || Weights::kGroups == 2 ? 2 : 1;
};

// All that products of a type's unpacked panels depend on; types that agree in it share kernels.
template <size_t kTheGroups, bool kHaveOffsets, bool kAreSigned, int kTheZeroBits>
struct UnpackedForm {
  static constexpr size_t kGroups = kTheGroups;
  static constexpr bool kOffsets = kHaveOffsets, kSigned = kAreSigned;
  static constexpr int kZeroBits = kTheZeroBits;
};
template <class Type>
using UnpackedType =
    Pairing<UnpackedForm<Type::kGroups, Type::kOffsets, Type::kSigned, Type::kZeroBits>,
            Type::kFine>;

// Calls use(pairing) with the panel type of a TensorType's number (engine/files/tensor_type.h).
template <typename Use>
void with_panel_type(uint32_t number, bool fine, const Use& use) {
  const auto pair = [&](auto type) {
    using Type = decltype(type);
    fine ? use(Pairing<Type, true>{}) : use(Pairing<Type, false>{});
  };
  switch (number) {
    case 2:
      return pair(PanelQ40{});
    case 3:
      return pair(PanelQ41{});
    case 6:
      return pair(PanelQ50{});
    case 7:
      return pair(PanelQ51{});
    case 8:
      return pair(PanelQ80{});
    case 10:
      return pair(PanelQ2K{});
    case 11:
      return pair(PanelQ3K{});
    case 12:
      return pair(PanelQ4K{});
    case 13:
      return pair(PanelQ5K{});
    case 14:
      return pair(PanelQ6K{});
    case 20:
      return pair(PanelIq4Nl{});
    case 23:
      return pair(PanelIq4Xs{});
    default:
      return;
  }
}

}  // namespace
