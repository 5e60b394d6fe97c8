// From what a person types to the file or folder that open_model() takes:
//
//   a GGUF file                    any part of a split one stands for its first
//   a folder                       with config.json and safetensors, or with one GGUF model
//   models--google--gemma-2-2b-it  a folder of a Hugging Face cache: snapshots/<refs/main>
//   hf:google/gemma-2-2b-it        the same, looked up in the caches of this user
//   ollama:gemma2:2b               manifests/registry.ollama.ai/library/gemma2/2b names the blob
//
// Sources: the layout of the huggingface_hub cache and of an Ollama store, as their documentation
// and files have it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace saseo {

// Folders to look in, the first that has it wins. Those that do not exist are passed over.
struct ModelStores {
  std::vector<std::filesystem::path> ollama;        // With manifests/ and blobs/.
  std::vector<std::filesystem::path> hugging_face;  // With models--ORG--NAME/.
};

struct ModelSource {
  std::filesystem::path path;  // For open_model().
  std::string name;            // To register it by; empty when the path does not tell.
};

// Fails when there is no such thing, or a folder holds several models, naming them.
Result<ModelSource> find_model_source(const std::string& text, const ModelStores& stores);

// "gemma-2-2b-it" of "gemma-2-2b-it-Q4_K_M.gguf" and "gemma-2-2b-it-Q4_K_M-00001-of-00002.gguf":
// the file's name without part and quantisation.
std::string model_name_of(const std::filesystem::path& path);

// A name for the registry out of free text ("Gemma 2 2b It" -> "Gemma-2-2b-It"); may be empty.
std::string model_name_of_title(std::string_view title);

}  // namespace saseo
