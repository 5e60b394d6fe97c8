// Writes GGUF files, version 3 (layout in gguf.h): values and tensor table first, then the data of
// the tensors in order, in pieces of any size, so that a model never has to be in memory whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/files/gguf_value.h"
#include "engine/files/tensor_type.h"

namespace saseo {

// The values and the tensor table of a file. Keys and names are written as given, also twice the
// same or of no meaning: tests want wrong files too.
class GgufHeader {
 public:
  static constexpr std::uint64_t kAlignment = 32;

  void set(std::string_view key, std::uint32_t value);
  void set(std::string_view key, std::uint16_t value);
  void set(std::string_view key, std::int32_t value);
  void set(std::string_view key, float value);
  void set(std::string_view key, bool value);
  void set(std::string_view key, std::string_view text);
  void set(std::string_view key, const char* text) { set(key, std::string_view(text)); }
  void set(std::string_view key, std::span<const std::string> texts);
  void set(std::string_view key, std::span<const float> numbers);
  void set(std::string_view key, std::span<const std::int32_t> numbers);

  // Its data follows that of the tensor added before. `shape`: innermost first, whole blocks.
  void add_tensor(std::string_view name, TensorType type, std::vector<std::uint64_t> shape);

  // What stands before the first tensor's data, padding included.
  std::string bytes() const;

  struct Tensor {
    std::string name;
    TensorType type;
    std::vector<std::uint64_t> shape;
    std::uint64_t bytes;
  };
  const std::vector<Tensor>& tensors() const { return tensors_; }

 private:
  void key(std::string_view key, GgufType type);

  std::string values_;
  std::uint64_t value_count_ = 0;
  std::vector<Tensor> tensors_;
};

// Not copyable; one thread.
class GgufWriter {
 public:
  // Replaces the file.
  static Result<GgufWriter> create(const std::filesystem::path& path, const GgufHeader& header);

  // The next bytes of tensor data; the end of a tensor is padded. No more than the header has.
  Status append(std::span<const std::byte> data);
  // After the last tensor's data; fails when the file could not be written.
  Status finish();

 private:
  std::filesystem::path path_;
  std::ofstream file_;
  std::vector<std::uint64_t> sizes_;  // Of the tensors.
  std::size_t tensor_ = 0;            // The one being written,
  std::uint64_t written_ = 0;         // and how much of it is.
};

}  // namespace saseo
