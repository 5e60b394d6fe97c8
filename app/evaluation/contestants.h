// Contestants of `saseo eval` from their names on the command line.
#pragma once

#include <string>
#include <vector>

#include "app/models/answering_model.h"
#include "cli/terminal/session.h"
#include "eval/run/runner.h"

namespace saseo::cli {

// A contestant that only searches: what is found is measured, nothing is answered.
inline constexpr const char* kSearchOnly = "search";

// A model file as a run notes it; kNotFound and kDamaged of files. It is opened, not read whole.
Result<eval::StoredContestant> describe_file(Session& session, const std::string& name,
                                             const AnsweringArguments& arguments);

// "extractive", "extractive-sentences", "search", or a model as --model takes it. Model files are
// opened (not read whole), so that one which is missing or damaged fails before hours are spent on
// the others. Names twice fail with kInvalidArgument. Session, arguments and progress are borrowed.
Result<std::vector<eval::ContestantSpec>> contestants_of(Session& session,
                                                         const std::vector<std::string>& names,
                                                         const AnsweringArguments& arguments,
                                                         const eval::SearchSettings& search,
                                                         AnswerProgress& progress);

}  // namespace saseo::cli
