// Collects faults and notes while a library is checked. Internal to index/.
#pragma once

#include <functional>
#include <string_view>

#include "base/message.h"
#include "base/result.h"
#include "index/check_report.h"

namespace saseo {

template <typename... Args>
void add_fault(Check& check, MessageText<Args...> english, MessageText<Args...> korean,
               const Args&... args) {
  ++check.fault_count;
  if (check.faults.size() < kMaxFaults)
    check.faults.push_back({message<Args...>(english, korean, args...)});
}

template <typename... Args>
void add_note(Check& check, MessageText<Args...> english, MessageText<Args...> korean,
              const Args&... args) {
  check.notes.push_back({message<Args...>(english, korean, args...)});
}

// What kept a check from being finished is a fault of the library.
inline void add_fault(Check& check, const Error& error) {
  ++check.fault_count;
  if (check.faults.size() < kMaxFaults) check.faults.push_back({error.message, error.advice});
}

// Runs one check and appends it to the report; that it could not be finished is a fault.
void run_check(CheckReport& report, std::string_view name,
               const std::function<Status(Check&)>& look);

}  // namespace saseo
