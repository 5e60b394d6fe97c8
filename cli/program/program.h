// The program: command line -> configuration -> command -> exit code.
#pragma once

#include <string>
#include <vector>

namespace saseo::cli {

// arguments[0] is the program's name. Writes to standard output and error.
int run_program(const std::vector<std::string>& arguments);

}  // namespace saseo::cli
