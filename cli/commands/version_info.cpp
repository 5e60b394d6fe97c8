#include "cli/commands/version_info.h"

#include <faiss/Index.h>
#include <fmt/core.h>
#include <histedit.h>
#include <sqlite3.h>
#include <toml++/toml.h>
#include <unicode/uvernum.h>
#include <xxhash.h>

#include <CLI/Version.hpp>
#include <nlohmann/json.hpp>

#include "app/settings/version.h"

namespace saseo::cli {

std::string version_line() { return "saseo " + std::string(app::version_number()); }

std::vector<std::pair<std::string, std::string>> dependency_versions() {
  const auto three = [](int major, int minor, int patch) {
    return fmt::format("{}.{}.{}", major, minor, patch);
  };
  const unsigned xxhash = XXH_versionNumber();
  return {{"sqlite", sqlite3_libversion()},
          {"faiss", three(FAISS_VERSION_MAJOR, FAISS_VERSION_MINOR, FAISS_VERSION_PATCH)},
          {"openblas", SASEO_OPENBLAS_VERSION},
          {"icu", U_ICU_VERSION},
          {"hunspell", SASEO_HUNSPELL_VERSION},
          {"libxml2", SASEO_LIBXML2_VERSION},
          {"cmark-gfm", SASEO_CMARK_VERSION},
          {"xxhash", three(static_cast<int>(xxhash / 10000), static_cast<int>(xxhash / 100 % 100),
                           static_cast<int>(xxhash % 100))},
          {"fmt", three(FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
          {"nlohmann-json", three(NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                                  NLOHMANN_JSON_VERSION_PATCH)},
          {"cli11", CLI11_VERSION},
          {"tomlplusplus", three(TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH)},
          {"libedit", three(LIBEDIT_MAJOR, LIBEDIT_MINOR, 0)}};
}

}  // namespace saseo::cli
