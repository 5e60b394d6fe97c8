// What engine_bench measures of whole processes: a program's start and a run's memory.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace saseo::bench {

struct ProcessRun {
  double first_output_seconds = 0;  // From before its start to the first byte that it wrote.
  std::string output;
};

// Runs a program to its end and reads its standard output; arguments[0] is its path. Fails when it
// cannot be started, fails itself or writes nothing.
Result<ProcessRun> run_process(const std::vector<std::string>& arguments);

// The most memory that this process has had so far, in bytes (VmHWM); 0 when the system does not
// tell. Pages of mapped files count while they are in its memory.
double peak_memory();

// The path of the running program.
std::string own_path();

}  // namespace saseo::bench
