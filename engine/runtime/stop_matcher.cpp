#include "engine/runtime/stop_matcher.h"

#include <algorithm>
#include <utility>

namespace saseo {

StopMatcher::StopMatcher(std::vector<std::string> stops) : stops_(std::move(stops)) {
  std::erase_if(stops_, [](const std::string& stop) { return stop.empty(); });
}

std::string StopMatcher::push(std::string_view text) {
  if (stopped_) return {};
  kept_ += text;
  std::pair<std::size_t, std::size_t> first = {std::string::npos, 0};  // End, begin.
  for (const std::string& stop : stops_) {
    const std::size_t begin = kept_.find(stop);
    if (begin != std::string::npos) first = std::min(first, {begin + stop.size(), begin});
  }
  std::size_t certain = kept_.size();
  if (first.first != std::string::npos) {
    stopped_ = true;
    certain = first.second;
  } else {
    for (const std::string& stop : stops_) {
      const std::string_view all = kept_;
      std::size_t length = std::min(stop.size() - 1, all.size());
      while (!stop.starts_with(all.substr(all.size() - length))) --length;
      certain = std::min(certain, all.size() - length);
    }
  }
  std::string out = kept_.substr(0, certain);
  kept_.erase(0, stopped_ ? kept_.size() : certain);
  return out;
}

std::string StopMatcher::flush() { return std::exchange(kept_, {}); }

}  // namespace saseo
