// Safetensors files:
//
//   header bytes u64 | header: JSON {"NAME": {"dtype": "BF16", "shape": [rows, cols],
//   "data_offsets": [begin, end]}, ..., "__metadata__": {...}} | tensor data, offsets from here
//
// Source: the safetensors format of Hugging Face.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "engine/files/tensor_type.h"

namespace saseo {

struct SafetensorsTensor {
  std::string name;
  std::string dtype;                 // As the file writes it.
  std::optional<TensorType> type;    // None for a dtype that is not read: only a fault when needed.
  std::vector<std::uint64_t> shape;  // Innermost first, unlike the file.
  const std::byte* data = nullptr;   // Of any alignment.
  std::uint64_t bytes = 0;
};

// A validated file: every tensor lies within it, has the bytes that its shape and type take, and
// shares none with another. Immutable; movable: data stays where it is.
class SafetensorsFile {
 public:
  static Result<SafetensorsFile> open(const std::filesystem::path& path);
  static Result<SafetensorsFile> parse(MappedFile file, const std::filesystem::path& path);

  const std::vector<SafetensorsTensor>& tensors() const { return tensors_; }  // As they lie.
  const SafetensorsTensor* tensor(std::string_view name) const;
  std::uint64_t size() const { return file_.bytes().size(); }
  MappedFile take_file() && { return std::move(file_); }

 private:
  MappedFile file_;
  std::vector<SafetensorsTensor> tensors_;
  std::map<std::string, std::size_t, std::less<>> index_;
};

// The weights of a model folder: model.safetensors, or the shards that its
// model.safetensors.index.json names, or all NAME-0000N-of-0000M.safetensors.
struct SafetensorsFolder {
  std::vector<SafetensorsFile> files;
  std::vector<std::filesystem::path> paths;
  const SafetensorsTensor* tensor(std::string_view name) const;
};

// Fails, naming it, when a shard or a tensor of the index is missing.
Result<SafetensorsFolder> open_safetensors_folder(const std::filesystem::path& folder);

}  // namespace saseo
