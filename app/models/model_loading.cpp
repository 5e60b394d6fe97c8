#include "app/models/model_loading.h"

#include <algorithm>
#include <chrono>

#include "app/models/model_reading.h"
#include "app/settings/model_stores.h"
#include "base/message.h"
#include "engine/model/model_identity.h"
#include "engine/runtime/model_draft.h"

namespace saseo::app {
namespace fs = std::filesystem;
namespace {

constexpr std::pair<const char*, KvType> kKvTypes[] = {
    {"f16", KvType::kF16}, {"q8_0", KvType::kQ8_0}, {"f32", KvType::kF32}};

Error bad_option(const char* name, const std::string& value, const char* expected) {
  return make_error(ErrorCode::kInvalidArgument, "{} is \"{}\", expected {}",
                    "{} 값이 \"{}\"입니다. {} 중에서 지정하세요", name, value, expected);
}

// That the texts among the options mean something.
Status check_options(const ModelOptions& options) {
  const auto is_size = [](const std::string& text) {
    return text.empty() || parse_bytes(text).value_or(0) > 0;
  };
  if (std::ranges::find(kKvTypes, options.kv, [](const auto& known) {
        return std::string_view(known.first);
      }) == std::ranges::end(kKvTypes))
    return bad_option("kv", options.kv, "f16, q8_0, f32");
  if (options.speculate != "auto" && options.speculate != "off" && options.speculate != "lookup")
    return bad_option("speculate", options.speculate, "auto, off, lookup");
  if (!is_size(options.memory)) return bad_option("memory", options.memory, "6GiB, 500MB");
  if (!is_size(options.kv_cache_size))
    return bad_option("kv_cache_size", options.kv_cache_size, "2GiB, 500MB");
  return {};
}

KvType kv_type_of(const std::string& name) {
  for (const auto& [known, type] : kKvTypes)
    if (name == known) return type;
  return KvType::kF16;  // check_options() let no other through.
}

// A word that is meant as a place rather than as a name.
bool is_place(const std::string& text) {
  std::error_code ignored;
  return text.find('/') != std::string::npos || text.starts_with("ollama:") ||
         text.starts_with("hf:") || fs::exists(text, ignored);
}

Error unknown_model(const std::string& text, const ModelRegistry& registry) {
  std::string names;
  for (const RegisteredModel& model : registry.models())
    names += (names.empty() ? "" : ", ") + model.name;
  if (names.empty()) names = say("none", "없음");
  return make_error(ErrorCode::kNotFound,
                    "no model \"{}\": neither registered nor a file here. Registered: {}. saseo "
                    "models add PATH registers one",
                    "\"{}\" 모델이 없습니다. 등록된 이름도, 여기 있는 파일도 아닙니다. 등록된 "
                    "모델: {}. saseo models add 경로로 등록하세요",
                    text, names);
}

ModelReference reference_to(const RegisteredModel& model) {
  return {model.name, model.path, model};
}

Result<SessionOptions> session_options(const Model& model, const ModelOptions& options) {
  const std::uint32_t most = model.config.context;
  const std::uint32_t context = options.context.value_or(std::min(most, kDefaultContext));
  if (context > most)
    return make_error(
        ErrorCode::kInvalidArgument, "--context {}: {} was trained for {} positions at most",
        "--context {}: {} 모델은 최대 {}개 위치까지 학습되었습니다", context, model.name, most);
  return SessionOptions{.context = context,
                        .kv_type = kv_type_of(options.kv),
                        .threads = options.threads,
                        .speculation = {.lookup = options.speculate != "off"}};
}

// The model of --draft-model where it is to be used; else nothing.
Result<std::unique_ptr<Model>> open_draft(const Application& application, const ModelOptions& options,
                                          const Model& target) {
  if (options.draft_model.empty() || options.speculate != "auto")
    return std::unique_ptr<Model>();
  SASEO_ASSIGN_OR_RETURN(const ModelReference reference,
                         find_model(application, options.draft_model));
  SASEO_ASSIGN_OR_RETURN(Model draft, open_reference(application, reference));
  SASEO_RETURN_IF_ERROR(check_draft_vocabulary(target, draft));
  return std::make_unique<Model>(std::move(draft));
}

// As `fit`; where a draft model is what does not fit, the error says so.
Result<SessionOptions> fit_with_draft(const FitModel& fit, const Model& model,
                                      const SessionOptions& wanted, std::uint64_t limit) {
  Result<SessionOptions> fitting = fit(model, wanted, limit);
  if (fitting.ok() || wanted.speculation.draft_model == nullptr) return fitting;
  SessionOptions alone = wanted;
  alone.speculation.draft_model = nullptr;
  if (!fit(model, alone, limit).ok()) return fitting;
  return Error{fitting.error().code,
               fitting.error().message + say(" Without --draft-model, which takes {}, all fits.",
                                             " --draft-model({} 차지)을 빼면 모두 들어갑니다.",
                                             format_bytes(draft_bytes(wanted)))};
}

}  // namespace

Result<ModelReference> find_model(const Application& application, const std::string& text) {
  SASEO_ASSIGN_OR_RETURN(const ModelRegistry registry, ModelRegistry::open(application.config.models));
  const std::string& set = application.config.model.value;
  const std::string wanted = !text.empty() ? text : set != "extractive" ? set : "";
  const RegisteredModel* registered =
      wanted.empty() ? registry.default_model() : registry.find(wanted);
  if (registered == nullptr && wanted.empty())
    return make_error(ErrorCode::kNotFound,
                      "no model is named and none is the default: --model PATH takes a file, saseo "
                      "models add PATH registers one",
                      "모델을 지정하지 않았고 기본 모델도 없습니다. --model 경로로 파일을 "
                      "지정하거나, saseo models add 경로로 등록하세요");
  if (registered == nullptr) {
    if (!is_place(wanted)) return unknown_model(wanted, registry);
    SASEO_ASSIGN_OR_RETURN(ModelSource source,
                           find_model_source(wanted, model_stores(process_environment)));
    registered = registry.find_path(source.path);
    if (registered == nullptr)
      return ModelReference{source.name, std::move(source.path), std::nullopt};
  }
  if (FilesFinding finding = look_at_files(*registered); finding.state == FilesState::kMissing)
    return Error{ErrorCode::kNotFound, std::move(finding.message)};
  return reference_to(*registered);
}

Result<Model> open_reference(const Application& application, const ModelReference& reference) {
  if (reference.registered) {
    const FilesFinding finding = look_at_files(*reference.registered);
    if (finding.state == FilesState::kChanged) application.warn(finding.message);
  }
  SASEO_ASSIGN_OR_RETURN(Model model, saseo::open_model(reference.path));
  if (!reference.name.empty()) model.name = reference.name;
  return model;
}

std::vector<MappedFileGuard> guards_of(const Model& model, const fs::path& path) {
  std::vector<MappedFileGuard> guards;
  const bool each_known = model.files.size() == model.paths.size();
  for (std::size_t i = 0; i < model.files.size(); ++i)
    guards.emplace_back(model.files[i].bytes(), each_known ? model.paths[i] : path);
  guards.emplace_back(model.prepacked.bytes(), model.prepacked_path);
  return guards;
}

MemoryNeed memory_need(const Model& model, const SessionOptions& options) {
  return saseo::memory_need(model, kv_options(options), transformer_options(options));
}

Result<SessionOptions> fit_session(const Model& model, const SessionOptions& wanted,
                                   std::uint64_t limit) {
  SASEO_RETURN_IF_ERROR(check_memory(model, kv_options(wanted), transformer_options(wanted), limit,
                                     session_bytes(model, wanted) + draft_bytes(wanted)));
  return wanted;
}

namespace {

// The store of the folder that is set; none where none is.
Result<std::unique_ptr<KvStore>> open_kv_store(const Application& application,
                                               const ModelOptions& options,
                                               const LoadedModel& loaded) {
  const bool given = !options.kv_cache_dir.empty();
  KvStoreOptions store;
  store.folder = given ? fs::path(options.kv_cache_dir) : application.config.kv_cache_dir.value;
  if (store.folder.empty()) return std::unique_ptr<KvStore>();
  store.max_bytes = parse_bytes(options.kv_cache_size.empty() ? application.config.kv_cache_size.value
                                                              : options.kv_cache_size)
                        .value_or(store.max_bytes);
  KvStoreSettings settings = {.config = loaded.model.config,
                              .type = loaded.options.kv_type,
                              .arithmetic = loaded.options.arithmetic};
  const std::optional<RegisteredModel>& registered = loaded.reference.registered;
  if (registered && look_at_files(*registered).state == FilesState::kUnchanged) {
    for (const RegisteredFile& file : registered->files) settings.model += file.sha256;
  }
  if (settings.model.empty()) {
    SASEO_ASSIGN_OR_RETURN(settings.model, model_identity(loaded.model));
  }
  return KvStore::open(store, settings);
}

}  // namespace

Result<LoadedModel> load_model(const Application& application, const ModelOptions& options,
                               const FitModel& fit, std::stop_token stop) {
  const auto start = std::chrono::steady_clock::now();
  LoadedModel loaded;
  SASEO_RETURN_IF_ERROR(check_options(options));
  SASEO_ASSIGN_OR_RETURN(loaded.reference, find_model(application, options.model));
  SASEO_ASSIGN_OR_RETURN(loaded.model, open_reference(application, loaded.reference));
  SASEO_ASSIGN_OR_RETURN(SessionOptions wanted, session_options(loaded.model, options));
  SASEO_ASSIGN_OR_RETURN(std::unique_ptr<Model> draft,
                         open_draft(application, options, loaded.model));
  wanted.speculation.draft_model = draft.get();
  SASEO_ASSIGN_OR_RETURN(loaded.options, fit_with_draft(fit, loaded.model, wanted,
                                                        parse_bytes(options.memory).value_or(0)));
  loaded.reference.name = loaded.model.name;
  const auto read = [&](Model& model, const fs::path& path) -> Status {
    std::vector<MappedFileGuard> guards = guards_of(model, path);
    SASEO_RETURN_IF_ERROR(read_model(
        application, model,
        {.path = path, .write_prepacked = options.prepack, .threads = loaded.options.threads},
        stop));
    guards = guards_of(model, path);
    for (MappedFileGuard& guard : guards) loaded.guards.push_back(std::move(guard));
    return {};
  };
  SASEO_RETURN_IF_ERROR(read(loaded.model, loaded.reference.path));
  if (draft != nullptr) SASEO_RETURN_IF_ERROR(read(*draft, draft->paths.front()));
  loaded.draft = std::move(draft);
  SASEO_ASSIGN_OR_RETURN(loaded.kv_store, open_kv_store(application, options, loaded));
  loaded.load_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return loaded;
}

}  // namespace saseo::app
