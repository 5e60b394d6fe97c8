#include "app/models/model_loading.h"

#include <CLI/CLI.hpp>
#include <chrono>

#include "app/models/model_reading.h"
#include "engine/model/model_identity.h"
#include "engine/runtime/model_draft.h"

namespace saseo::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::pair<const char*, KvType> kKvTypes[] = {
    {"f16", KvType::kF16}, {"q8_0", KvType::kQ8_0}, {"f32", KvType::kF32}};

KvType kv_type_of(const std::string& name) {
  for (const auto& [known, type] : kKvTypes)
    if (name == known) return type;
  return KvType::kF16;  // Options were checked when they were parsed.
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

Result<SessionOptions> session_options(const Model& model, const ModelArguments& arguments) {
  const std::uint32_t most = model.config.context;
  const std::uint32_t context = arguments.context.value_or(std::min(most, kDefaultContext));
  if (context > most)
    return make_error(
        ErrorCode::kInvalidArgument, "--context {}: {} was trained for {} positions at most",
        "--context {}: {} 모델은 최대 {}개 위치까지 학습되었습니다", context, model.name, most);
  return SessionOptions{.context = context,
                        .kv_type = kv_type_of(arguments.kv),
                        .threads = arguments.threads,
                        .speculation = {.lookup = arguments.speculate != "off"}};
}

// The model of --draft-model where it is to be used; else nothing.
Result<std::unique_ptr<Model>> open_draft(Session& session, const ModelArguments& arguments,
                                          const Model& target) {
  if (arguments.draft_model.empty() || arguments.speculate != "auto")
    return std::unique_ptr<Model>();
  SASEO_ASSIGN_OR_RETURN(const ModelReference reference,
                         find_model(session, arguments.draft_model));
  SASEO_ASSIGN_OR_RETURN(Model draft, open_reference(session, reference));
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

void add_model_option(CLI::App& command, ModelArguments& arguments) {
  command
      .add_option("-m,--model", arguments.model,
                  say("Registered name or path; else the default model",
                      "등록한 이름 또는 경로. 없으면 기본 모델"))
      ->type_name("NAME");
}

void add_run_options(CLI::App& command, ModelArguments& arguments) {
  command
      .add_option("--context", arguments.context,
                  say("Positions to keep: 8192, or fewer where the model has fewer",
                      "기억할 위치 수: 8192, 모델이 더 적으면 그만큼"))
      ->type_name("N")
      ->check(CLI::Range(16, 1 << 20).description(""));
  command.add_option("--kv", arguments.kv, say("Keys and values: f16", "키와 값의 형식: f16"))
      ->type_name("f16|q8_0|f32")
      ->check(CLI::IsMember({"f16", "q8_0", "f32"}).description(""));
  command
      .add_option("--threads", arguments.threads,
                  say("Processors to use: all", "쓸 프로세서 수: 모두"))
      ->type_name("N")
      ->check(CLI::Range(1, 1024).description(""));
  const CLI::Validator is_size(
      [](const std::string& text) {
        const auto bytes = parse_bytes(text);
        return bytes && *bytes > 0 ? "" : "\"" + text + "\" is no size such as 6GiB";
      },
      "");
  command
      .add_option(
          "--memory", arguments.memory,
          say("Memory allowed, as 6GiB: what is free", "허락할 메모리(예: 6GiB): 남은 만큼"))
      ->type_name("SIZE")
      ->check(is_size);
  command
      .add_option("--kv-cache-dir", arguments.kv_cache_dir,
                  say("Keep what was computed of passages here, for later runs",
                      "읽은 대목의 계산을 다음 실행을 위해 둘 폴더"))
      ->type_name("DIR");
  command
      .add_option("--kv-cache-size", arguments.kv_cache_size,
                  say("Of that folder at most: 2GiB", "그 폴더의 최대 크기: 2GiB"))
      ->type_name("SIZE")
      ->check(is_size);
  command.add_flag("--prepack", arguments.prepack,
                   say("Keep rearranged weights beside the model: fast starts",
                       "재배열한 가중치를 모델 옆에 저장: 다음부터 빨리 시작"));
  command
      .add_option("--speculate", arguments.speculate,
                  say("Guess tokens ahead, same text sooner: auto",
                      "토큰을 미리 짐작해 같은 글을 더 빨리 쓰기: auto"))
      ->type_name("auto|off|lookup")
      ->check(CLI::IsMember({"auto", "off", "lookup"}).description(""));
  command
      .add_option(
          "--draft-model", arguments.draft_model,
          say("A small model of the same family that guesses", "짐작을 맡을 같은 계열의 작은 모델"))
      ->type_name("NAME");
}

Result<ModelReference> find_model(const Session& session, const std::string& text) {
  SASEO_ASSIGN_OR_RETURN(const ModelRegistry registry, ModelRegistry::open(session.config.models));
  const std::string& set = session.config.model.value;
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

Result<Model> open_reference(Session& session, const ModelReference& reference) {
  if (reference.registered) {
    const FilesFinding finding = look_at_files(*reference.registered);
    if (finding.state == FilesState::kChanged) session.warn(finding.message);
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
Result<std::unique_ptr<KvStore>> open_kv_store(const Session& session,
                                               const ModelArguments& arguments,
                                               const LoadedModel& loaded) {
  const bool given = !arguments.kv_cache_dir.empty();
  KvStoreOptions options;
  options.folder = given ? fs::path(arguments.kv_cache_dir) : session.config.kv_cache_dir.value;
  if (options.folder.empty()) return std::unique_ptr<KvStore>();
  options.max_bytes =
      parse_bytes(arguments.kv_cache_size.empty() ? session.config.kv_cache_size.value
                                                  : arguments.kv_cache_size)
          .value_or(options.max_bytes);
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
  return KvStore::open(options, settings);
}

}  // namespace

Result<LoadedModel> load_model(Session& session, const ModelArguments& arguments,
                               const FitModel& fit, std::stop_token stop) {
  const auto start = std::chrono::steady_clock::now();
  LoadedModel loaded;
  SASEO_ASSIGN_OR_RETURN(loaded.reference, find_model(session, arguments.model));
  SASEO_ASSIGN_OR_RETURN(loaded.model, open_reference(session, loaded.reference));
  SASEO_ASSIGN_OR_RETURN(SessionOptions wanted, session_options(loaded.model, arguments));
  SASEO_ASSIGN_OR_RETURN(std::unique_ptr<Model> draft,
                         open_draft(session, arguments, loaded.model));
  wanted.speculation.draft_model = draft.get();
  SASEO_ASSIGN_OR_RETURN(loaded.options, fit_with_draft(fit, loaded.model, wanted,
                                                        parse_bytes(arguments.memory).value_or(0)));
  loaded.reference.name = loaded.model.name;
  const auto read = [&](Model& model, const fs::path& path) -> Status {
    std::vector<MappedFileGuard> guards = guards_of(model, path);
    SASEO_RETURN_IF_ERROR(read_model(
        session, model,
        {.path = path, .write_prepacked = arguments.prepack, .threads = loaded.options.threads},
        stop));
    guards = guards_of(model, path);
    for (MappedFileGuard& guard : guards) loaded.guards.push_back(std::move(guard));
    return {};
  };
  SASEO_RETURN_IF_ERROR(read(loaded.model, loaded.reference.path));
  if (draft != nullptr) SASEO_RETURN_IF_ERROR(read(*draft, draft->paths.front()));
  loaded.draft = std::move(draft);
  SASEO_ASSIGN_OR_RETURN(loaded.kv_store, open_kv_store(session, arguments, loaded));
  loaded.load_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return loaded;
}

ModelStores model_stores(const Environment& environment) {
  ModelStores stores;
  const fs::path home = environment("HOME").value_or("/");
  if (const auto set = environment("OLLAMA_MODELS")) stores.ollama.emplace_back(*set);
  stores.ollama.push_back(home / ".ollama" / "models");
  stores.ollama.emplace_back("/usr/share/ollama/.ollama/models");
  if (const auto set = environment("HF_HUB_CACHE")) stores.hugging_face.emplace_back(*set);
  if (const auto set = environment("HF_HOME"))
    stores.hugging_face.push_back(fs::path(*set) / "hub");
  stores.hugging_face.push_back(home / ".cache" / "huggingface" / "hub");
  return stores;
}

}  // namespace saseo::cli
