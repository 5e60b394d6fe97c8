#include "engine/files/gguf_value.h"

#include <cstring>

#include "base/utf8.h"

namespace saseo {
namespace {

template <typename T>
T load(const std::byte* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

}  // namespace

std::size_t gguf_number_bytes(GgufType type) {
  switch (type) {
    case GgufType::kUint8:
    case GgufType::kInt8:
    case GgufType::kBool:
      return 1;
    case GgufType::kUint16:
    case GgufType::kInt16:
      return 2;
    case GgufType::kUint32:
    case GgufType::kInt32:
    case GgufType::kFloat32:
      return 4;
    case GgufType::kUint64:
    case GgufType::kInt64:
    case GgufType::kFloat64:
      return 8;
    case GgufType::kString:
    case GgufType::kArray:
      return 0;
  }
  return 0;
}

GgufValue gguf_number_value(GgufType type, const std::byte* bytes) {
  switch (type) {
    case GgufType::kUint8:
      return std::uint64_t{load<std::uint8_t>(bytes)};
    case GgufType::kInt8:
      return std::int64_t{load<std::int8_t>(bytes)};
    case GgufType::kUint16:
      return std::uint64_t{load<std::uint16_t>(bytes)};
    case GgufType::kInt16:
      return std::int64_t{load<std::int16_t>(bytes)};
    case GgufType::kUint32:
      return std::uint64_t{load<std::uint32_t>(bytes)};
    case GgufType::kInt32:
      return std::int64_t{load<std::int32_t>(bytes)};
    case GgufType::kFloat32:
      return double{load<float>(bytes)};
    case GgufType::kBool:
      return load<std::uint8_t>(bytes) != 0;
    case GgufType::kUint64:
      return load<std::uint64_t>(bytes);
    case GgufType::kInt64:
      return load<std::int64_t>(bytes);
    case GgufType::kFloat64:
      return load<double>(bytes);
    case GgufType::kString:
    case GgufType::kArray:
      break;
  }
  return std::uint64_t{0};
}

double gguf_number(const GgufArray& array, std::uint64_t i) {
  const GgufValue value =
      gguf_number_value(array.element, array.numbers + i * gguf_number_bytes(array.element));
  if (const auto* u = std::get_if<std::uint64_t>(&value)) return static_cast<double>(*u);
  if (const auto* s = std::get_if<std::int64_t>(&value)) return static_cast<double>(*s);
  if (const auto* b = std::get_if<bool>(&value)) return *b ? 1 : 0;
  return std::get<double>(value);
}

std::string text_for_message(std::string_view text) {
  constexpr std::size_t kMaxBytes = 80;
  std::string shown = repair_utf8(text.substr(0, kMaxBytes));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return text.size() > kMaxBytes ? shown + "..." : shown;
}

}  // namespace saseo
