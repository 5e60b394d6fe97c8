// How far a run has come, told while it goes on.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace saseo::eval {

struct RunProgress {
  std::string contestant;
  std::size_t done = 0, all = 0;  // Questions of this contestant.
  std::size_t computed = 0, failed = 0;
  std::optional<double> seconds_left;  // For this contestant.
};

struct RunObserver {
  std::function<void(const RunProgress&)> on_progress;               // May be empty.
  std::function<void(const std::string&, const Error&)> on_failure;  // Contestant and question.
};

}  // namespace saseo::eval
