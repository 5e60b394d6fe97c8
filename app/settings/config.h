// What the user set, and where: flags, then environment, then config.toml, then defaults.
//
//   library = "~/manuals"        # folder of the library       --library  SASEO_LIBRARY
//   pdf_helper = "/opt/saseo-pdf"  #                                       SASEO_PDF_HELPER
//   lang = "ko"                  # language of messages        --lang     SASEO_LANG, locale
//   model = "extractive"         # or a model's name or path   --model    SASEO_MODEL
//   color = "auto"               # auto, always, never         --color    NO_COLOR
//   limit = 10                   # hits of a search            --limit
//   chunk_tokens = 320           #                             --chunk-tokens
//   context_tokens = 2000        #                             --context-tokens
//   profile = "manuals"          # or a path (profile.h)       --profile  SASEO_PROFILE
//   kv_cache_dir = "~/kv"        # folder of computed prompts  --kv-cache-dir  SASEO_KV_CACHE_DIR
//   kv_cache_size = "2GiB"       # of it at most               --kv-cache-size
//
// The file is $SASEO_CONFIG, else $XDG_CONFIG_HOME/saseo/config.toml (~/.config). "~/" is the home
// folder; a relative path is relative to the file's folder. A profile beats the file's chunk_tokens
// and context_tokens; a flag beats the profile.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/message.h"
#include "base/result.h"
#include "app/settings/profile.h"

namespace saseo::app {

template <typename T>
struct Setting {
  T value{};
  std::string source;  // "--library", "SASEO_LIBRARY", "/.../config.toml:3", "locale", "default".
};

inline constexpr const char* kDefaultSource = "default";

struct Config {
  std::filesystem::path file;
  bool file_found = false;
  Setting<std::filesystem::path> library;
  Setting<std::filesystem::path> pdf_helper;  // Empty: beside this program or in libexec.
  Setting<Language> language;                 // Of messages.
  Setting<std::string> colour;                // "auto", "always" or "never".
  Setting<std::string> model;
  Setting<std::filesystem::path> kv_cache_dir;  // Empty: nothing of prompts is kept on disk.
  Setting<std::string> kv_cache_size;           // As parse_bytes() reads it.
  std::filesystem::path models;                 // The registry: $XDG_DATA_HOME/saseo/models.json.
  Setting<std::size_t> limit, chunk_tokens, context_tokens;
  std::filesystem::path profiles;     // Folder: $XDG_CONFIG_HOME/saseo/profiles.
  Setting<std::string> profile_name;  // As it was set; "none" where none is.
  std::optional<Profile> profile;     // What it holds.
  AnswerSettings answer_settings;     // The profile's, else the defaults.
};

// Values of options that every command takes.
struct GlobalFlags {
  std::optional<std::string> config, library, language, colour, profile;
  Language locale = Language::kEnglish;  // Of messages where nothing is set.
};

// The value of an environment variable; nullopt when it is unset or empty.
using Environment = std::function<std::optional<std::string>(const char*)>;
std::optional<std::string> process_environment(const char* name);

// Fails, naming file and line, when the file is no TOML, has an unknown key or a bad value, or was
// named and does not exist.
Result<Config> load_config(const GlobalFlags& flags, const Environment& environment);

// XDG folders of this program: $XDG_STATE_HOME/saseo, ~/.local/state/saseo and so on.
std::filesystem::path state_folder(const Environment& environment);
std::filesystem::path user_cache_folder(const Environment& environment);

}  // namespace saseo::app
