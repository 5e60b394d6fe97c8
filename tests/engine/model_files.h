// Models of memory as files, for what reads them: GGUF, split GGUF and Hugging Face folders of the
// same weights.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/model.h"
#include "tests/engine/gguf_writer.h"

namespace saseo {

// A vocabulary in the manner of Gemma's: controls, turn markers, runs of newlines and spaces, every
// byte, then pieces of Korean and English, whose scores fall with their id from 0 and of which
// every longer one is made of two others; <unused> tokens fill it up. size: at least 500.
Vocabulary small_vocabulary(std::size_t size = 512);

struct FileTensor {
  std::string name;  // As GGUF has it.
  TensorType type = TensorType::kF32;
  std::vector<std::uint64_t> shape;  // Innermost first; norms have one dimension.
  std::span<const std::byte> data;   // Borrowed from the model.
};

// Every tensor of the model in file order. To be changed by tests of wrong files.
std::vector<FileTensor> tensors_of(const Model& model);

// The metadata of the model's GGUF file, with its vocabulary (small_vocabulary() where it has
// none).
GgufHeader metadata_of(const Model& model);

Status write_gguf(GgufHeader metadata, std::span<const FileTensor> tensors,
                  const std::filesystem::path& path);
Status write_gguf(const Model& model, const std::filesystem::path& path);

// folder/NAME-00001-of-0000N.gguf and so on; the first has the metadata and no tensor.
Status write_split_gguf(const Model& model, const std::filesystem::path& folder,
                        std::string_view name, std::uint16_t parts);

}  // namespace saseo
