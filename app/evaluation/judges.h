// The judge of `saseo eval --judge`.
#pragma once

#include <string>

#include "app/models/answering_model.h"
#include "cli/terminal/session.h"
#include "eval/judge/judge.h"

namespace saseo::cli {

// A model as --model takes it; opened (not read whole) to fail before hours are spent on answers.
// Fails with kInvalidArgument for contestants that are no chat models. The session is borrowed.
Result<eval::JudgeSpec> judge_of(Session& session, const std::string& name,
                                 const AnsweringArguments& arguments);

}  // namespace saseo::cli
