// GGUF files, versions 2 and 3, little-endian:
//
//   "GGUF" | version u32 | tensors u64 | values u64
//   values x   key string | type u32 | value            string = length u64, bytes
//   tensors x  name string | dimensions u32 | dimension u64 ... | type u32 | offset u64
//   padding to general.alignment (32) | tensor data, each tensor at its offset from here
//
// Source: the GGUF specification of the ggml project.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "engine/files/gguf_value.h"
#include "engine/files/tensor_type.h"

namespace saseo {

struct GgufTensor {
  std::string_view name;
  TensorType type = TensorType::kF32;
  std::vector<std::uint64_t> shape;  // Innermost first.
  const std::byte* data = nullptr;
  std::uint64_t bytes = 0;
};

// A validated file. Immutable; movable: views stay valid, the mapping moves along.
class GgufFile {
 public:
  // Everything is checked: counts against the file's size, types, alignment, overflow, overlaps,
  // duplicates, and that every tensor lies within the file. `path` is for messages.
  static Result<GgufFile> open(const std::filesystem::path& path);
  static Result<GgufFile> parse(MappedFile file, const std::filesystem::path& path);

  std::uint32_t version() const { return version_; }
  const std::vector<std::pair<std::string_view, GgufValue>>& values() const { return values_; }
  const std::vector<GgufTensor>& tensors() const { return tensors_; }
  const GgufTensor* tensor(std::string_view name) const;
  const GgufValue* find(std::string_view key) const;

  // nullopt when the key is absent or of another kind. A number may be of any integer type.
  std::optional<std::uint64_t> number(std::string_view key) const;
  std::optional<double> real(std::string_view key) const;
  std::optional<bool> flag(std::string_view key) const;
  std::string_view text(std::string_view key) const;  // "" when absent.
  const GgufArray* array(std::string_view key) const;

  std::uint64_t size() const { return file_.bytes().size(); }
  MappedFile take_file() && { return std::move(file_); }

 private:
  class Parser;
  MappedFile file_;
  std::uint32_t version_ = 0;
  std::vector<std::pair<std::string_view, GgufValue>> values_;  // In file order.
  std::map<std::string_view, std::size_t> value_index_;
  std::vector<GgufTensor> tensors_;  // In file order.
  std::map<std::string_view, std::size_t> tensor_index_;
};

}  // namespace saseo
