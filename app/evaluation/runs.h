// Where runs of `saseo eval` lie: RUN is a path, or the name of a run in the folder of runs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "eval/records/run_store.h"

namespace saseo::app {

std::filesystem::path runs_folder();  // $XDG_STATE_HOME/saseo/runs
// "phone" -> runs_folder()/phone.run; "./phone.run" and "out/phone" stay.
std::filesystem::path run_path(const std::string& text);

struct ListedRun {
  std::string name;
  std::filesystem::path path;
  eval::RunInfo info;
  std::size_t questions = 0, answers = 0, failed = 0;
  std::vector<std::string> contestants;
};
// By name. Files that are no runs are passed over.
Result<std::vector<ListedRun>> list_runs();
Result<ListedRun> look_at_run(const std::filesystem::path& path);

}  // namespace saseo::app
