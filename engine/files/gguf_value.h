// The typed values of GGUF metadata.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace saseo {

enum class GgufType : std::uint32_t {
  kUint8 = 0,
  kInt8 = 1,
  kUint16 = 2,
  kInt16 = 3,
  kUint32 = 4,
  kInt32 = 5,
  kFloat32 = 6,
  kBool = 7,
  kString = 8,
  kArray = 9,
  kUint64 = 10,
  kInt64 = 11,
  kFloat64 = 12,
};

// An array of values; numbers are read through gguf_number(), strings stand in `strings`.
struct GgufArray {
  GgufType element = GgufType::kUint8;
  std::uint64_t count = 0;
  const std::byte* numbers = nullptr;     // Not aligned.
  std::vector<std::string_view> strings;  // (count) when element is kString.
};

// Texts and arrays borrow from the mapped file.
using GgufValue =
    std::variant<std::uint64_t, std::int64_t, double, bool, std::string_view, GgufArray>;

// Bytes of a number type; 0 for strings, arrays and types that do not exist.
std::size_t gguf_number_bytes(GgufType type);
// A number of that type from bytes that need no alignment.
GgufValue gguf_number_value(GgufType type, const std::byte* bytes);
// Element i of an array of numbers.
double gguf_number(const GgufArray& array, std::uint64_t i);

// Text of a file as a message may show it: short, valid UTF-8, without control characters.
std::string text_for_message(std::string_view text);

}  // namespace saseo
