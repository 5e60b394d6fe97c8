#include "app/evaluation/runs.h"

#include <algorithm>

#include "app/settings/config.h"

namespace saseo::app {

std::filesystem::path runs_folder() { return state_folder(process_environment) / "runs"; }

std::filesystem::path run_path(const std::string& text) {
  if (text.find('/') != std::string::npos || text.ends_with(".run")) return text;
  return runs_folder() / (text + ".run");
}

Result<ListedRun> look_at_run(const std::filesystem::path& path) {
  SASEO_ASSIGN_OR_RETURN(const eval::RunStore run, eval::RunStore::open(path));
  ListedRun listed;
  listed.name = path.stem().string();
  listed.path = path;
  SASEO_ASSIGN_OR_RETURN(listed.info, run.info());
  SASEO_ASSIGN_OR_RETURN(const std::vector<eval::Question> questions, run.questions());
  listed.questions = questions.size();
  SASEO_ASSIGN_OR_RETURN(const std::vector<eval::StoredContestant> contestants, run.contestants());
  for (const eval::StoredContestant& contestant : contestants)
    listed.contestants.push_back(contestant.name);
  SASEO_ASSIGN_OR_RETURN(const std::vector<eval::RecordedAnswer> answers, run.answers());
  listed.answers = answers.size();
  listed.failed = static_cast<std::size_t>(std::ranges::count_if(
      answers, [](const eval::RecordedAnswer& answer) { return answer.error.has_value(); }));
  return listed;
}

Result<std::vector<ListedRun>> list_runs() {
  std::vector<std::filesystem::path> paths;
  std::error_code unreadable;
  for (const auto& entry : std::filesystem::directory_iterator(runs_folder(), unreadable)) {
    if (entry.path().extension() == ".run") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<ListedRun> runs;
  for (const std::filesystem::path& path : paths) {
    Result<ListedRun> listed = look_at_run(path);
    if (listed.ok()) runs.push_back(std::move(*listed));
  }
  return runs;
}

}  // namespace saseo::app
