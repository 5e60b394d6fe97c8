// An evaluation as JSON, complete, for programs and for comparing with later:
//   {"format": "saseo-evaluation", "version": 2, "set_name": ..., "contestants": [...], ...}
// Members are named as the fields of Evaluation; what is not finite or absent is null. A warning or
// error is {"en": ..., "ko": ...}, or a string where both read the same, as in all of version 1.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "eval/records/evaluation.h"

namespace saseo::eval {

inline constexpr int kEvaluationVersion = 2;

std::string json_report(const Evaluation& evaluation);

// Reads what json_report() wrote. Fails, naming the place in the file, for anything else; members
// that are not known are passed over, members that are missing keep their default. `path`: for
// errors.
Result<Evaluation> parse_json_report(std::string_view text, const std::filesystem::path& path);

}  // namespace saseo::eval
