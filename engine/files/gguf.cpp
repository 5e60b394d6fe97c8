#include "engine/files/gguf.h"

namespace saseo {

const GgufTensor* GgufFile::tensor(std::string_view name) const {
  const auto found = tensor_index_.find(name);
  return found == tensor_index_.end() ? nullptr : &tensors_[found->second];
}

const GgufValue* GgufFile::find(std::string_view key) const {
  const auto found = value_index_.find(key);
  return found == value_index_.end() ? nullptr : &values_[found->second].second;
}

std::optional<std::uint64_t> GgufFile::number(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* u = std::get_if<std::uint64_t>(value)) return *u;
  if (const auto* s = std::get_if<std::int64_t>(value); s != nullptr && *s >= 0) {
    return static_cast<std::uint64_t>(*s);
  }
  return std::nullopt;
}

std::optional<double> GgufFile::real(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* d = std::get_if<double>(value)) return *d;
  if (const auto whole = number(key)) return static_cast<double>(*whole);
  return std::nullopt;
}

std::optional<bool> GgufFile::flag(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* b = std::get_if<bool>(value)) return *b;
  return std::nullopt;
}

std::string_view GgufFile::text(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return "";
  const auto* text = std::get_if<std::string_view>(value);
  return text == nullptr ? "" : *text;
}

const GgufArray* GgufFile::array(std::string_view key) const {
  const GgufValue* value = find(key);
  return value == nullptr ? nullptr : std::get_if<GgufArray>(value);
}

}  // namespace saseo
