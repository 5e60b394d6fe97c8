#include "index/check_list.h"

#include <utility>

namespace saseo {

void run_check(CheckReport& report, std::string_view name,
               const std::function<Status(Check&)>& look) {
  Check check{std::string(name)};
  if (const Status done = look(check); !done.ok()) add_fault(check, done.error());
  report.checks.push_back(std::move(check));
}

}  // namespace saseo
