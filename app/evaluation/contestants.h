// Contestants of `saseo eval` from their names on the command line.
#pragma once

#include <string>
#include <vector>

#include "app/models/answering_model.h"
#include "app/settings/application.h"
#include "eval/run/runner.h"

namespace saseo::app {

// A contestant that only searches: what is found is measured, nothing is answered.
inline constexpr const char* kSearchOnly = "search";

// A model file as a run notes it; kNotFound and kDamaged of files. It is opened, not read whole.
Result<eval::StoredContestant> describe_file(const Application& application, const std::string& name,
                                             const AnsweringOptions& options);

// "extractive", "extractive-sentences", "search", or a model as --model takes it. Model files are
// opened (not read whole), so that one which is missing or damaged fails before hours are spent on
// the others. Names twice fail with kInvalidArgument. The application is borrowed.
Result<std::vector<eval::ContestantSpec>> contestants_of(const Application& application,
                                                         const std::vector<std::string>& names,
                                                         const AnsweringOptions& options,
                                                         const eval::SearchSettings& search,
                                                         const PromptProgress& on_prompt);

}  // namespace saseo::app
