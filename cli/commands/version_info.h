// What this program is made of.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace saseo::cli {

std::string version_line();  // "saseo 0.1.0"
// Libraries that are linked, with the versions in use.
std::vector<std::pair<std::string, std::string>> dependency_versions();

}  // namespace saseo::cli
