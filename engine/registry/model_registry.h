// The models that a person has, by name: references to files, which stay where they are.
//
// On disk one JSON object, replaced atomically:
//   {"version": 1, "default": NAME or null,
//    "models": [{"name", "path", "kind", "architecture", "quantization", "parameters", "context",
//                "license", "files": [{"path", "bytes", "modified_ns", "sha256"}]}]}
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/files/long_read.h"
#include "engine/model/model.h"

namespace saseo {

enum class ModelKind { kGguf, kSplitGguf, kHuggingFace };
std::string_view name_of(ModelKind kind);  // "gguf", "split-gguf", "hugging-face"

struct RegisteredFile {
  std::filesystem::path path;  // Absolute.
  std::uint64_t bytes = 0;
  std::int64_t modified_ns = 0;  // Since 1970.
  std::string sha256;            // 64 hexadecimal digits.
};

struct RegisteredModel {
  std::string name;
  std::filesystem::path path;  // Absolute; what open_model() takes.
  ModelKind kind = ModelKind::kGguf;
  std::string architecture;  // "gemma2"
  std::string quantization;  // "Q4_K_M"
  std::uint64_t parameters = 0;
  std::uint32_t context = 0;  // As trained.
  std::string license;        // As the file states it; may be empty.
  std::vector<RegisteredFile> files;

  std::uint64_t bytes() const;
};

// What an opened model is registered as, still without name and hashes.
Result<RegisteredModel> describe_model(const Model& model, const std::filesystem::path& path);
// Reads the files whole and fills in their SHA-256.
Status hash_files(RegisteredModel& model, const LongRead& read = {});

// How the files stand against what was registered; by size and time, without reading them.
enum class FilesState { kUnchanged, kChanged, kMissing };
struct FilesFinding {
  FilesState state = FilesState::kUnchanged;
  Notice notice;  // Which file, what about it, what to do; empty when unchanged.
};
FilesFinding look_at_files(const RegisteredModel& model);

// Compares the files' sizes and SHA-256 with the registered ones. Gives the model with the times as
// they are now; fails, naming the file, when content differs (kDamaged), is gone, or on a stop.
Result<RegisteredModel> verify_hashes(const RegisteredModel& model, const LongRead& read = {});

// A snapshot of the file. Thread-compatible.
class ModelRegistry {
 public:
  // No file is an empty registry. Fails when it is not what update() writes (kDamaged) or was
  // written by a newer program (kTooNew).
  static Result<ModelRegistry> open(const std::filesystem::path& file);

  // Reads the file, applies the change and writes it back, while other programs that do so wait.
  // Nothing is written when the file is damaged or the change fails.
  static Status update(const std::filesystem::path& file,
                       const std::function<Status(ModelRegistry&)>& change);

  const std::vector<RegisteredModel>& models() const { return models_; }  // By name.
  const RegisteredModel* find(std::string_view name) const;               // nullptr: none.
  const RegisteredModel* find_path(const std::filesystem::path& path) const;
  const RegisteredModel* default_model() const;  // nullptr: none is set.

  // Adds the model or replaces that of its name; the first becomes the default.
  void put(RegisteredModel model);
  // Fail with kNotFound, naming what there is.
  Status set_default(std::string_view name);
  void clear_default() { default_.clear(); }
  Status remove(std::string_view name);  // The default's removal leaves none.

  // `wanted` itself, with the quantisation when it is taken by a model at another path, with a
  // number when that is taken too.
  std::string free_name(std::string_view wanted, std::string_view quantization,
                        const std::filesystem::path& path) const;

 private:
  static Result<ModelRegistry> parse(const std::filesystem::path& file, std::string_view text);
  std::string text() const;
  Error unknown(std::string_view name) const;

  std::vector<RegisteredModel> models_;
  std::string default_;  // Empty: none.
};

// Letters, digits and "._:+-" not in front; not "extractive", which is no file.
bool is_model_name(std::string_view name);

}  // namespace saseo
