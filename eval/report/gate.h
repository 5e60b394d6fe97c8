// Gates for someone's continuous integration: conditions that an evaluation meets or not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "eval/records/evaluation.h"

namespace saseo::eval {

// "facts=0.8", "ko/facts=0.75", "ko/table/facts=0.7", "gemma-2-2b-it:facts=0.8".
struct GateCondition {
  std::string text;        // As written.
  std::string contestant;  // Empty: every one.
  Slice slice;
  std::string metric;
  double bound = 0;  // Least mean; where lower is better, the largest.
};

// Conditions with commas between them:
//   [CONTESTANT:][LANGUAGE/][TYPE/]METRIC=NUMBER
// The first part of a slice is a language when it is "ko" or "en". Fails, naming the condition,
// when one is not of this form.
Result<std::vector<GateCondition>> parse_gate_conditions(std::string_view text);

struct GateResult {
  std::string name;
  bool passed = false;
  Message message;  // What was found and what was wanted.
};

// A result for each condition and contestant, in their order. Fails when a metric, contestant or
// slice is none of the evaluation's, naming those it has: a gate must not pass by a slip of the
// pen.
Result<std::vector<GateResult>> check_conditions(const std::vector<GateCondition>& conditions,
                                                 const Evaluation& evaluation);

// `against_baseline`: what this evaluation's contestants gained on the same-named ones of an
// earlier one (Comparison::first the earlier, ::second the present one of the same name). A
// regression is significant after Holm's correction and its whole interval lies on the worse side
// of 0. Costs are passed over, for they depend on the machine's other work. Without comparisons
// there is one result, and it has not passed.
std::vector<GateResult> check_regressions(const std::vector<Comparison>& against_baseline,
                                          const std::vector<MetricDefinition>& metrics);

bool all_passed(const std::vector<GateResult>& results);

}  // namespace saseo::eval
