// The element types of weights, with the byte layout of their blocks. Numbers are those of GGUF
// files; a file mixes types from tensor to tensor.
//
// Quantised types store blocks of elements that follow each other in a row. Every one of them
// reads as  value = scale * code + offset  with a scale and an offset per group of 16 or 32
// elements; kernels/unpack_body.h gives that form. What is known of a type stands in one table,
// tensor_type.cpp; only the kernels, which include nothing, have the types' numbers once more.
//
// Source: the GGUF specification and the public reference implementation of the formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace saseo {

enum class TensorType : std::uint32_t {
  kF32 = 0,
  kF16 = 1,
  kQ4_0 = 2,
  kQ4_1 = 3,
  kQ5_0 = 6,
  kQ5_1 = 7,
  kQ8_0 = 8,
  kQ2_K = 10,
  kQ3_K = 11,
  kQ4_K = 12,
  kQ5_K = 13,
  kQ6_K = 14,
  kIQ4_NL = 20,
  kIQ4_XS = 23,
  kBF16 = 30,
};

// `count` numbers of `bytes` bytes that follow each other in a block.
struct BlockField {
  std::uint8_t bytes = 0;
  std::uint8_t count = 0;
};

struct TensorTypeInfo {
  TensorType type;
  std::string_view name;             // "Q4_K"
  std::uint32_t block_elements = 1;  // 1, 32 or 256; a row holds whole blocks.
  std::uint32_t block_bytes = 0;
  // The rest is of quantised types alone.
  std::uint32_t scale_group = 0;  // Elements that share a scale: 16 or 32.
  bool signed_codes = false;      // Codes -128..127 without offsets, else 0..127.
  BlockField fields[2] = {};      // What a block consists of; together block_bytes.
  // Where a block keeps its half-precision numbers, in bytes; kNoHalf: it has one only.
  static constexpr std::uint32_t kNoHalf = ~0u;
  std::uint32_t halves[2] = {kNoHalf, kNoHalf};
};

// nullopt for a number that names no type we read (files from outside).
std::optional<TensorType> tensor_type_of_number(std::uint32_t number);
// The name that GGUF gives to a number, also for types we do not read; "type 99" otherwise needs
// formatting by the caller: empty when unknown.
std::string_view tensor_type_name_of_number(std::uint32_t number);

const TensorTypeInfo& tensor_type_info(TensorType type);
inline bool is_float_type(TensorType type) { return tensor_type_info(type).block_elements == 1; }

// Bytes of a row of `elements`, which must be a multiple of block_elements.
inline std::size_t row_bytes(TensorType type, std::size_t elements) {
  const TensorTypeInfo& info = tensor_type_info(type);
  return elements / info.block_elements * info.block_bytes;
}

}  // namespace saseo
