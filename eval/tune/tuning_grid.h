// The settings that are searched and the values that are tried of each. Values lie around the
// defaults, which were chosen by measuring (bench/): few values need few trials.
#pragma once

#include <string>
#include <vector>

#include "generation/answer_settings.h"

namespace saseo::eval {

// One setting: a coordinate of the search.
struct TuningDimension {
  std::string name;  // As in a profile: "threshold", "korean.k1"; "sections" is two of them.
  std::vector<double> values;
  double (*get)(const AnswerSettings&);
  void (*set)(AnswerSettings&, double);
};

// "sections": a hit brings its whole section, else so many neighbours.
inline constexpr double kWholeSections = -1;
inline constexpr const char* kChunkTokens = "chunk_tokens";

struct GridOptions {
  bool korean = true, other = true;  // Languages of the questions: the weights of each.
  bool threshold = true;             // Only unanswerable questions tell whether it is too low.
  bool chunk_tokens = true;          // Each value reads the manuals again.
};
std::vector<TuningDimension> tuning_grid(const GridOptions& options);

// A value for people: "0.4", "whole".
std::string value_words(const TuningDimension& dimension, double value);

}  // namespace saseo::eval
