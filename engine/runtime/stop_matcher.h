// Ends a streamed text at the first of some strings, also when it comes in parts. What is given out
// does not depend on how the text was cut: the stop that is complete first counts, and of those
// that end together the one that begins first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace saseo {

// Thread-compatible.
class StopMatcher {
 public:
  // Empty strings are left out.
  explicit StopMatcher(std::vector<std::string> stops);

  // The text that is certain to come before a stop; keeps back only an end that could be the
  // beginning of one. Gives nothing once stopped.
  std::string push(std::string_view text);
  // The end of the text: what was kept back.
  std::string flush();

  bool stopped() const { return stopped_; }

 private:
  std::vector<std::string> stops_;
  std::string kept_;
  bool stopped_ = false;
};

}  // namespace saseo
