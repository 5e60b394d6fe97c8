#include "index/check_report.h"

#include <algorithm>

namespace saseo {

bool CheckReport::healthy() const {
  return std::ranges::all_of(checks, [](const Check& check) { return check.fault_count == 0; });
}

const Check* CheckReport::find(std::string_view name) const {
  const auto found = std::ranges::find(checks, name, &Check::name);
  return found == checks.end() ? nullptr : &*found;
}

}  // namespace saseo
