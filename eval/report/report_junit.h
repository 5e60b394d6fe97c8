// Gates and failed questions as JUnit XML, as CI servers read it: a test case for each gate and for
// each question that a contestant failed on.
#pragma once

#include <string>
#include <vector>

#include "eval/records/evaluation.h"
#include "eval/report/gate.h"

namespace saseo::eval {

std::string junit_report(const Evaluation& evaluation, const std::vector<GateResult>& gates,
                         Language language);

}  // namespace saseo::eval
