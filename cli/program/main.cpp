#include <string>
#include <vector>

#include "cli/program/program.h"

int main(int count, char** values) {
  return saseo::cli::run_program(std::vector<std::string>(values, values + count));
}
