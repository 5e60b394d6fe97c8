// The judge of `saseo eval --judge`.
#pragma once

#include <string>

#include "app/models/answering_model.h"
#include "app/settings/application.h"
#include "eval/judge/judge.h"

namespace saseo::app {

// A model as --model takes it; opened (not read whole) to fail before hours are spent on answers.
// Fails with kInvalidArgument for contestants that are no chat models. The application is borrowed.
Result<eval::JudgeSpec> judge_of(const Application& application, const std::string& name,
                                 const AnsweringOptions& options);

}  // namespace saseo::app
