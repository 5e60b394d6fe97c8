// Questions to the file system whose failure means "no".
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace saseo {

// Whether the path names something that this process may see.
bool path_exists(const std::filesystem::path& path);

// Names of what lies in a folder, without the folder; empty when it cannot be read.
std::set<std::string> names_in_folder(const std::filesystem::path& folder);

}  // namespace saseo
