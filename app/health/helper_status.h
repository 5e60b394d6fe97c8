// What `saseo-pdf --sandbox-status` says on this machine.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ingest/reader.h"

namespace saseo::app {

struct HelperStatus {
  std::filesystem::path program;
  std::vector<std::pair<std::string, bool>> walls;  // "landlock" -> stands.
};

// Fails when there is no helper or it does not answer within five seconds.
Result<HelperStatus> helper_status(const ReadOptions& options);

}  // namespace saseo::app
