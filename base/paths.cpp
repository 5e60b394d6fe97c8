#include "base/paths.h"

namespace saseo {
namespace fs = std::filesystem;

bool path_exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::set<std::string> names_in_folder(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code ignored;
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end;
       entry.increment(ignored))
    names.insert(entry->path().filename().string());
  return names;
}

}  // namespace saseo
