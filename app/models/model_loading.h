// Model files: found by what they are called, opened, fitted into memory and made ready to run.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/models/mapped_file_guard.h"
#include "app/settings/application.h"
#include "engine/model/model.h"
#include "engine/registry/model_registry.h"
#include "engine/runtime/kv_store.h"
#include "engine/runtime/memory_plan.h"
#include "engine/runtime/session.h"

namespace saseo::app {

// Positions where --context is not given and the model has as many: what most prompts need, and
// what fits where the 131,072 of some models would not.
inline constexpr std::uint32_t kDefaultContext = 8192;

struct ModelOptions {
  std::string model;  // A registered name, a path, ollama:... or hf:...; empty: the default model.
  std::optional<std::uint32_t> context;
  std::string kv = "f16";  // Or "q8_0", "f32": keys and values.
  std::size_t threads = 0;  // 0: one for each processor.
  std::string memory;       // As parse_bytes() reads it; empty: what the machine has free.
  bool prepack = false;  // Write prepacked weights (engine/model/prepacked.h) where there are none.
  std::string speculate = "auto";  // Look-up, and the draft model if there is one; "off", "lookup".
  std::string draft_model;         // As `model`; empty: none.
  std::string kv_cache_dir, kv_cache_size;  // Empty: as the settings have it.
};

// What a name stands for.
struct ModelReference {
  std::string name;  // The registered name, else one made from the path; for people.
  std::filesystem::path path;
  std::optional<RegisteredModel> registered;
};
// `text` empty: the model of the settings unless that is "extractive", else the registry's default.
// Fails with kNotFound when there is none, or a registered file is gone.
Result<ModelReference> find_model(const Application& application, const std::string& text);

// A model that is open and fits into memory, with how to run it.
struct LoadedModel {
  ModelReference reference;
  Model model;
  std::unique_ptr<const Model> draft;  // What options.speculation names; may be empty.
  SessionOptions options;
  double load_seconds = 0;
  std::vector<MappedFileGuard> guards;
  std::unique_ptr<KvStore> kv_store;  // Empty: no folder is set.
};
// While they live, the model's mapped files are named when they are cut short; `path` where it is
// not known which of them it was.
std::vector<MappedFileGuard> guards_of(const Model& model, const std::filesystem::path& path);
// What such a session takes; for check_memory() and to show.
MemoryNeed memory_need(const Model& model, const SessionOptions& options);
// Whether a model fits, and in which form it is to run; `limit` as check_memory() takes it.
using FitModel =
    std::function<Result<SessionOptions>(const Model&, const SessionOptions&, std::uint64_t limit)>;
// Alone, in the form that is wanted.
Result<SessionOptions> fit_session(const Model& model, const SessionOptions& wanted,
                                   std::uint64_t limit);
// Finds, opens, checks against memory and arranges the weights for the kernels. Warns when a
// registered file changed.
Result<LoadedModel> load_model(const Application& application, const ModelOptions& options,
                               const FitModel& fit = fit_session, std::stop_token stop = {});

// Only opens: for looking inside, without asking whether it fits.
Result<Model> open_reference(const Application& application, const ModelReference& reference);

}  // namespace saseo::app
