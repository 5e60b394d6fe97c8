// What a check of a library found.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace saseo {

struct Check {
  std::string name;         // Stable and short, for programs: "sqlite", "segments", "vectors".
  std::size_t checked = 0;  // Rows, bytes or files that were looked at.
  std::size_t fault_count = 0;
  std::vector<Notice> faults;  // The first kMaxFaults.
  std::vector<Notice> notes;   // What is no fault but should be known: a stale cache.
};
inline constexpr std::size_t kMaxFaults = 20;  // Kept for each check.

struct CheckReport {
  std::vector<Check> checks;
  bool healthy() const;                            // No check has a fault.
  const Check* find(std::string_view name) const;  // Null when there is none of that name.
};

}  // namespace saseo
