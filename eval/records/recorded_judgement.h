// What a judge said of two answers in one order, as a run keeps it.
#pragma once

#include <optional>
#include <string>

namespace saseo::eval {

// Of two answers, as they were shown.
enum class JudgedBest { kFirst, kSecond, kNeither };

struct RecordedJudgement {
  JudgedBest best = JudgedBest::kNeither;
  // Its own words held no verdict: it was asked again for a letter alone.
  bool malformed = false;
  std::string text;               // Its own words.
  std::optional<double> seconds;  // For both where it was asked twice.
  std::optional<Message> error;   // The judge failed; nothing was judged then.
};

}  // namespace saseo::eval
