#include "app/settings/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>

#include "base/files.h"
#include "engine/runtime/memory_plan.h"

namespace saseo::app {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kTextKeys[] = {"library", "pdf_helper",   "lang",          "model",
                                          "color",   "kv_cache_dir", "kv_cache_size", "profile"};
constexpr std::string_view kNumberKeys[] = {"limit", "chunk_tokens", "context_tokens"};
constexpr std::string_view kKnownKeys =
    "library, pdf_helper, lang, model, color, limit, chunk_tokens, context_tokens, kv_cache_dir, "
    "kv_cache_size, profile";
constexpr std::string_view kColours[] = {"auto", "always", "never"};
constexpr std::uint64_t kMaxConfigBytes = 1 << 20;

struct FileValue {
  std::string text;
  std::size_t number = 0;
  std::string source;  // file:line
};
using FileValues = std::map<std::string, FileValue, std::less<>>;

fs::path home(const Environment& environment) { return environment("HOME").value_or("/"); }

fs::path xdg(const Environment& environment, const char* variable, std::string_view fallback) {
  const std::optional<std::string> set = environment(variable);
  // The specification: relative values are ignored.
  if (set && fs::path(*set).is_absolute()) return fs::path(*set) / "saseo";
  return home(environment) / fallback / "saseo";
}

fs::path expanded(const std::string& text, const fs::path& base, const Environment& environment) {
  if (text == "~" || text.starts_with("~/"))
    return home(environment) / fs::path(text.substr(1)).relative_path();
  return (base / text).lexically_normal();
}

Error bad_value(std::string_view source, std::string_view name, std::string_view value,
                std::string_view expected) {
  return make_error(ErrorCode::kInvalidArgument, "{}: {} is {}, expected {}",
                    "{}: {} 값이 {}입니다. {} 중에서 지정하세요", source, name, value, expected);
}

bool is_one_of(std::string_view key, std::span<const std::string_view> keys) {
  return std::ranges::find(keys, key) != keys.end();
}

Status read_entry(const fs::path& file, const toml::key& key, const toml::node& node,
                  FileValues& values) {
  const std::string name(key.str());
  const std::string source = fmt::format("{}:{}", file.string(), key.source().begin.line);
  if (is_one_of(name, kNumberKeys)) {
    const std::optional<std::int64_t> number = node.value_exact<std::int64_t>();
    if (!number || *number < 1 || *number > 1'000'000)
      return make_error(ErrorCode::kInvalidArgument,
                        "{}: {} needs a whole number from 1 to 1000000",
                        "{}: {}에는 1부터 1000000까지의 정수를 적으세요", source, name);
    values[name] = {"", static_cast<std::size_t>(*number), source};
    return {};
  }
  if (!is_one_of(name, kTextKeys))
    return make_error(ErrorCode::kInvalidArgument, "{}: unknown key \"{}\"; known are {}",
                      "{}: 알 수 없는 항목 \"{}\"입니다. 쓸 수 있는 항목은 {}입니다", source, name,
                      kKnownKeys);
  const std::optional<std::string> text = node.value_exact<std::string>();
  if (!text || text->empty())
    return make_error(ErrorCode::kInvalidArgument, "{}: {} needs a text in quotes",
                      "{}: {}에는 따옴표로 묶은 글자를 적으세요", source, name);
  values[name] = {*text, 0, source};
  return {};
}

Result<FileValues> read_values(const fs::path& file) {
  SASEO_ASSIGN_OR_RETURN(const std::string text, read_file(file, kMaxConfigBytes));
  FileValues values;
  try {
    const toml::table table = toml::parse(text, file.string());
    for (const auto& [key, node] : table)
      SASEO_RETURN_IF_ERROR(read_entry(file, key, node, values));
  } catch (const toml::parse_error& error) {
    return make_error(ErrorCode::kInvalidArgument, "{}:{}: not TOML: {}",
                      "{}:{}: TOML 형식이 아닙니다: {}", file.string(), error.source().begin.line,
                      error.description());
  }
  return values;
}

// Picks the first of flag, environment and file; the sources of one setting.
struct Sources {
  std::string flag_name, variable, key;
  std::optional<std::string> flag;
};

std::optional<Setting<std::string>> pick(const Sources& sources, const Environment& environment,
                                         const FileValues& file) {
  if (sources.flag) return Setting<std::string>{*sources.flag, sources.flag_name};
  if (!sources.variable.empty()) {
    if (auto value = environment(sources.variable.c_str()))
      return Setting<std::string>{*value, sources.variable};
  }
  if (const auto found = file.find(sources.key); found != file.end())
    return Setting<std::string>{found->second.text, found->second.source};
  return std::nullopt;
}

Setting<std::size_t> number_of(const FileValues& file, std::string_view key, std::size_t standard) {
  const auto found = file.find(key);
  if (found == file.end()) return {standard, kDefaultSource};
  return {found->second.number, found->second.source};
}

Status use_profile(Config& config, const fs::path& file) {
  SASEO_ASSIGN_OR_RETURN(config.profile, read_profile(file));
  const Profile& profile = *config.profile;
  config.answer_settings = profile.settings;
  const auto take = [&](Setting<std::size_t>& setting, std::string_view key, std::size_t value) {
    if (profile.sets(key)) setting = {value, profile.sources.find(key)->second};
  };
  take(config.chunk_tokens, "chunk_tokens", profile.settings.chunk_tokens);
  take(config.context_tokens, "context_tokens", profile.settings.answering.context.token_budget);
  return {};
}

}  // namespace

std::optional<std::string> process_environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

Result<Config> load_config(const GlobalFlags& flags, const Environment& environment) {
  Config config;
  const std::optional<std::string> named =
      flags.config ? flags.config : environment("SASEO_CONFIG");
  config.file =
      named ? fs::path(*named) : xdg(environment, "XDG_CONFIG_HOME", ".config") / "config.toml";
  std::error_code failure;
  config.file_found = fs::exists(config.file, failure);
  if (named && !config.file_found) return io_error(config.file, failure ? failure.value() : ENOENT);
  FileValues file;
  if (config.file_found) {
    SASEO_ASSIGN_OR_RETURN(file, read_values(config.file));
  }
  const fs::path file_folder = fs::absolute(config.file, failure).parent_path();
  const fs::path here = fs::current_path(failure);
  const auto path_of = [&](const Setting<std::string>& picked, std::string_view key) {
    const auto found = file.find(key);
    const bool from_file = found != file.end() && found->second.source == picked.source;
    return Setting<fs::path>{expanded(picked.value, from_file ? file_folder : here, environment),
                             picked.source};
  };

  const fs::path data = xdg(environment, "XDG_DATA_HOME", ".local/share");
  config.models = data / "models.json";
  const auto library =
      pick({"--library", "SASEO_LIBRARY", "library", flags.library}, environment, file);
  config.library =
      library ? path_of(*library, "library") : Setting<fs::path>{data / "library", kDefaultSource};
  if (const auto helper = pick({"", "SASEO_PDF_HELPER", "pdf_helper", {}}, environment, file)) {
    config.pdf_helper = path_of(*helper, "pdf_helper");
  } else {
    config.pdf_helper.source = kDefaultSource;
  }

  config.language = {flags.locale, "locale"};
  if (const auto lang = pick({"--lang", "SASEO_LANG", "lang", flags.language}, environment, file)) {
    if (lang->value != "ko" && lang->value != "en")
      return bad_value(lang->source, "lang", lang->value, "ko, en");
    config.language = {language_of_code(lang->value), lang->source};
  }

  config.colour = {"auto", kDefaultSource};
  if (const auto colour = pick({"--color", "", "color", flags.colour}, environment, file)) {
    if (!is_one_of(colour->value, kColours))
      return bad_value(colour->source, "color", colour->value, "auto, always, never");
    config.colour = *colour;
  }

  config.model = {"extractive", kDefaultSource};
  if (const auto model = pick({"--model", "SASEO_MODEL", "model", {}}, environment, file))
    config.model = *model;
  config.kv_cache_dir.source = config.kv_cache_size.source = kDefaultSource;
  if (const auto folder =
          pick({"--kv-cache-dir", "SASEO_KV_CACHE_DIR", "kv_cache_dir", {}}, environment, file))
    config.kv_cache_dir = path_of(*folder, "kv_cache_dir");
  config.kv_cache_size.value = "2GiB";
  if (const auto size = pick({"--kv-cache-size", "", "kv_cache_size", {}}, environment, file)) {
    if (parse_bytes(size->value).value_or(0) == 0)
      return bad_value(size->source, "kv_cache_size", size->value, "2GiB, 500MB");
    config.kv_cache_size = *size;
  }
  config.limit = number_of(file, "limit", 10);
  config.chunk_tokens = number_of(file, "chunk_tokens", 320);
  config.context_tokens = number_of(file, "context_tokens", 2000);
  config.profiles = xdg(environment, "XDG_CONFIG_HOME", ".config") / "profiles";
  config.profile_name = {kNoProfile, kDefaultSource};
  if (const auto name =
          pick({"--profile", "SASEO_PROFILE", "profile", flags.profile}, environment, file)) {
    config.profile_name = *name;
    const bool is_path = profile_file("", name->value) == name->value;
    if (name->value != kNoProfile)
      SASEO_RETURN_IF_ERROR(use_profile(config, is_path
                                                    ? path_of(*name, "profile").value
                                                    : profile_file(config.profiles, name->value)));
  }
  config.answer_settings.chunk_tokens = config.chunk_tokens.value;
  config.answer_settings.answering.context.token_budget = config.context_tokens.value;
  return config;
}

fs::path state_folder(const Environment& environment) {
  return xdg(environment, "XDG_STATE_HOME", ".local/state");
}
fs::path user_cache_folder(const Environment& environment) {
  return xdg(environment, "XDG_CACHE_HOME", ".cache");
}

}  // namespace saseo::app
