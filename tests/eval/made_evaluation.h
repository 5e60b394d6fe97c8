// An evaluation as a run of three models would give it, made by hand: Korean and English questions
// about a phone, answers that differ, a refusal, a failure.
#pragma once

#include <cstddef>
#include <string>

#include "eval/records/evaluation.h"

namespace saseo::eval {

struct MadeEvaluationOptions {
  std::size_t questions = 24;
  // Put into every text that comes from outside: questions, answers, names, errors.
  std::string hostile;
};

// The same options give the same evaluation.
Evaluation made_evaluation(const MadeEvaluationOptions& options = {});

}  // namespace saseo::eval
