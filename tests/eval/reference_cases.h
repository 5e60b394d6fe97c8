// The table of answers with the scores of the reference programs; data/README.md says whose.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace saseo::eval {

// "To 4 digits" of values that are shares (0 to 1) or points (0 to 100).
inline constexpr double kShareDigits = 5e-5, kPointDigits = 5e-5;

inline std::vector<nlohmann::json> read_json_lines(const std::string& name) {
  std::ifstream in(std::string(SASEO_TEST_DATA) + "/" + name);
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
  EXPECT_FALSE(lines.empty()) << name;
  return lines;
}

struct ReferenceCase {
  std::string answer;
  std::vector<std::string> references;
  nlohmann::json scores;
};

inline std::vector<ReferenceCase> reference_cases() {
  std::vector<ReferenceCase> cases;
  for (const nlohmann::json& line : read_json_lines("reference_scores.jsonl"))
    cases.push_back({line["answer"], line["references"], line});
  return cases;
}

}  // namespace saseo::eval
