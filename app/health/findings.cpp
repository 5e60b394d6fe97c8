#include "app/health/findings.h"

#include <algorithm>
#include <optional>

#include "app/health/helper_status.h"
#include "app/health/kernel_words.h"
#include "app/library/opening.h"
#include "app/models/answering_model.h"
#include "app/models/model_loading.h"
#include "base/message.h"
#include "base/paths.h"
#include "engine/kernels/distance.h"
#include "engine/kernels/matmul.h"
#include "engine/runtime/kv_store.h"
#include "index/analyzer.h"
#include "index/library_check.h"
#include "index/snapshot.h"

namespace saseo::app {
namespace {

Finding check_helper(const Application& application) {
  Finding finding{"pdf_helper", message("PDF helper", "PDF 도우미")};
  const Result<HelperStatus> status = helper_status(application.read_options(""));
  if (!status.ok()) {
    finding.health = Health::kMissing;
    finding.value = message("not usable", "쓸 수 없음");
    finding.remedy = notice_of(status.error());
    return finding;
  }
  finding.value = untranslated(status->program.string());
  std::string missing;
  for (const auto& [wall, stands] : status->walls) {
    if (!stands) missing += (missing.empty() ? "" : ", ") + wall;
  }
  if (!missing.empty()) {
    finding.health = Health::kMissing;
    finding.value += message(" (sandbox without {})", " (격리에 {} 없음)", missing);
    finding.remedy = {message("this kernel lacks it; read only PDF files that you trust",
                              "이 커널에서 지원하지 않습니다. 믿을 수 있는 PDF만 읽으세요")};
  }
  return finding;
}

Finding check_dictionary() {
  Finding finding{"korean_dictionary", message("Korean dictionary", "한국어 사전")};
  finding.value = message("hunspell-ko is installed", "hunspell-ko 있음");
  if (Analyzer().has_korean_dictionary()) return finding;
  finding.health = Health::kMissing;
  finding.value = message("hunspell-ko is not installed", "hunspell-ko 없음");
  finding.remedy = {
      message("apt install hunspell-ko: Korean words are then found in all their forms",
              "apt install hunspell-ko: 낱말을 활용형까지 찾게 됩니다")};
  return finding;
}

Finding check_poppler_data() {
  Finding finding{"poppler_data", message("PDF character maps", "PDF 문자표")};
  const bool present = path_exists("/usr/share/poppler/cMap/Adobe-Korea1");
  finding.value = present ? message("poppler-data is installed", "poppler-data 있음")
                          : message("poppler-data is not installed", "poppler-data 없음");
  if (present) return finding;
  finding.health = Health::kMissing;
  finding.remedy = {
      message("apt install poppler-data: Korean PDFs without embedded fonts need it",
              "apt install poppler-data: 글꼴이 들어 있지 않은 한국어 PDF에 필요합니다")};
  return finding;
}

Finding check_library(const Application& application) {
  Finding finding{"library", message("library", "라이브러리")};
  const auto bad = [&](const Error& error) {
    finding.health = error.code == ErrorCode::kNotFound ? Health::kMissing : Health::kBad;
    finding.value = error.code == ErrorCode::kNotFound ? message("none yet", "아직 없음")
                                                       : message("not usable", "쓸 수 없음");
    finding.remedy = notice_of(error);
    finding.unusable = finding.health == Health::kBad;
    return finding;
  };
  const Result<Library> library = Library::open(application.library());
  if (!library.ok()) return bad(library.error());
  const Result<LibraryStats> stats = library->stats();
  if (!stats.ok()) return bad(stats.error());
  std::string vectors = std::to_string(stats->vectors);
  if (stats->embedders.size() > 1) {  // "458 (lsa) + 458 (gemma)"
    vectors.clear();
    for (const EmbedderStats& embedder : stats->embedders)
      vectors +=
          fmt::format("{}{} ({})", vectors.empty() ? "" : " + ", embedder.vectors, embedder.name);
  }
  finding.value = message("{} documents, {} pages, {} chunks, {} vectors, {:.1f} MB",
                          "문서 {}개, {}쪽, {}청크, 벡터 {}개, {:.1f} MB", stats->documents,
                          stats->pages, stats->chunks, vectors,
                          static_cast<double>(stats->database_bytes + stats->cache_bytes) / 1e6);
  if (const Status whole = quick_check(*library); !whole.ok()) return bad(whole.error());
  return finding;
}

Finding check_caches(const Application& application) {
  Finding finding{"caches", message("caches", "캐시")};
  finding.value = message("up to date", "최신");
  const Result<Library> library = Library::open(application.library());
  if (!library.ok()) {
    finding.value = untranslated("-");
    return finding;
  }
  const auto fits = [&](std::string_view embedder) {
    const Result<Snapshot> snapshot = load_snapshot(*library, {.embedder = embedder});
    return !snapshot.ok() || snapshot->from_cache;
  };
  const Result<LibraryStats> stats = library->stats();
  if (fits("") &&
      (!stats.ok() || std::ranges::all_of(stats->embedders, fits, &EmbedderStats::name)))
    return finding;
  finding.health = Health::kMissing;
  finding.value =
      message("stale or damaged: rebuilt at each start", "오래됐거나 손상됨: 실행마다 다시 만듦");
  finding.remedy = {
      message("starting is slow until they are made again", "다시 만들 때까지 시작이 느립니다"),
      {{AdviceKind::kRebuildLibrary, ""}}};
  return finding;
}

// The model file that runs when none is named, and whether it is still there. None is needed: the
// extractive model has no file.
Finding check_model(const Application& application) {
  Finding finding{"model", message("model file", "모델 파일")};
  const Result<ModelRegistry> registry = ModelRegistry::open(application.config.models);
  if (!registry.ok()) {
    finding.health = Health::kBad;
    finding.value = message("the list of models cannot be used", "모델 목록을 쓸 수 없음");
    finding.remedy = notice_of(registry.error());
    finding.unusable = true;
    return finding;
  }
  if (application.config.model.value == "extractive" && registry->default_model() == nullptr) {
    finding.value = message("none is the default, {} registered", "기본 모델 없음, 등록 {}개",
                            registry->models().size());
    return finding;
  }
  const Result<ModelReference> reference = find_model(application, "");
  const FilesFinding files = reference.ok() && reference->registered
                                 ? look_at_files(*reference->registered)
                                 : FilesFinding();
  finding.value = reference.ok() ? untranslated(reference->name + "  " + reference->path.string())
                                 : message("cannot be found", "찾을 수 없음");
  finding.remedy = reference.ok() ? files.notice : notice_of(reference.error());
  if (!finding.remedy.message.empty()) finding.health = Health::kMissing;
  return finding;
}

// What the profile sets, and whether the library fits it; nullopt where none is in force.
std::optional<Finding> check_profile(const Application& application) {
  if (!application.config.profile) return std::nullopt;
  const Profile& profile = *application.config.profile;
  Finding finding{"profile", message("profile", "프로필")};
  std::string set;
  for (const auto& [key, value] : profile_values(profile.settings)) {
    if (profile.sets(key)) set += (set.empty() ? "" : ", ") + key + " " + value;
  }
  finding.value = untranslated(set);
  if (set.empty()) finding.value = message("sets nothing", "정한 것 없음");
  if (const Result<Library> library = Library::open(application.library()); library.ok()) {
    const Result<ChunkSizes> sizes = chunk_sizes(application.config, *library);
    if (sizes.ok()) finding.remedy = chunk_size_words(application.config, *sizes);
  }
  if (!finding.remedy.message.empty()) finding.health = Health::kMissing;
  return finding;
}

Finding check_kernels() {
  Finding finding{"kernels", message("kernels", "커널")};
  finding.value = message("this processor can run {}", "이 프로세서에서 실행 가능: {}",
                          runnable_kernel_names());
  finding.remedy = {refused_kernels_message()};
  if (!finding.remedy.message.empty()) finding.health = Health::kMissing;
  return finding;
}

// What is kept of prompts, and where. Without a folder nothing is: no finding.
std::optional<Finding> check_kv_cache(const Application& application) {
  const Setting<std::filesystem::path>& folder = application.config.kv_cache_dir;
  if (folder.value.empty()) return std::nullopt;
  Finding finding{"kv_cache", message("prompts on disk", "디스크의 프롬프트")};
  std::error_code ignored;
  if (path_exists(folder.value) && !std::filesystem::is_directory(folder.value, ignored)) {
    finding.health = Health::kBad;
    finding.value = untranslated(folder.value.string());
    finding.remedy = {
        message("kv_cache_dir is not a folder: name one that is there or can be made",
                "kv_cache_dir가 폴더가 아닙니다. 있거나 만들 수 있는 폴더를 지정하세요")};
    return finding;
  }
  const KvStoreUsage usage = kv_store_usage(folder.value);
  finding.value =
      message("{}  {} files, {} of {}", "{}  파일 {}개, {} / {}", folder.value.string(),
              usage.files, format_bytes(usage.bytes), application.config.kv_cache_size.value);
  return finding;
}

}  // namespace

std::string_view name_of(Health health) {
  return health == Health::kGood ? "ok" : health == Health::kMissing ? "missing" : "bad";
}

bool is_usable(std::span<const Finding> findings) {
  return std::ranges::none_of(findings, &Finding::unusable);
}

std::vector<Finding> look_for_findings(const Application& application) {
  std::vector<Finding> findings = {check_library(application),
                                   check_caches(application),
                                   check_helper(application),
                                   check_dictionary(),
                                   check_poppler_data(),
                                   check_model(application),
                                   check_kernels()};
  if (std::optional<Finding> profile = check_profile(application))
    findings.push_back(std::move(*profile));
  if (std::optional<Finding> prompts = check_kv_cache(application)) findings.push_back(*prompts);
  return findings;
}

std::vector<SettingInForce> settings_in_force(const Application& application) {
  const Config& config = application.config;
  const Result<Setting<std::string>> chosen = answering_model_name(application);
  const Setting<std::string>& model = chosen.ok() ? *chosen : config.model;
  return {
      {"config", config.file.string(), config.file_found ? "read" : "absent"},
      {"library", config.library.value.string(), config.library.source},
      {"pdf_helper", config.pdf_helper.value.string(), config.pdf_helper.source},
      {"lang", std::string(language_code(config.language.value)), config.language.source},
      {"model", model.value, model.source},
      {"color", config.colour.value, config.colour.source},
      {"profile", config.profile ? config.profile->file.string() : config.profile_name.value,
       config.profile_name.source},
      {"limit", std::to_string(config.limit.value), config.limit.source},
      {"chunk_tokens", std::to_string(config.chunk_tokens.value), config.chunk_tokens.source},
      {"context_tokens", std::to_string(config.context_tokens.value), config.context_tokens.source},
      {"kv_cache_dir", config.kv_cache_dir.value.string(), config.kv_cache_dir.source},
      {"kv_cache_size", config.kv_cache_size.value, config.kv_cache_size.source}};
}

}  // namespace saseo::app
