// Faults of a file that people wrote: collected, so that they are mended in one go, and told with
// their place: "line 12, "question"", or a JSON pointer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/message.h"
#include "base/result.h"

namespace saseo::eval {

// Not thread-safe.
class Faults {
 public:
  static constexpr std::size_t kMaxTold = 20;  // The others are counted.

  template <typename... Args>
  void add(const Message& place, MessageText<Args...> english, MessageText<Args...> korean,
           const Args&... args) {
    if (++count_ <= kMaxTold) {
      told_.push_back(
          message("{}: {}", "{}: {}", place, message<Args...>(english, korean, args...)));
    }
  }
  bool empty() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  // Of at least one fault: the file, then a line each.
  Error as_error(std::string_view file) const;

 private:
  std::vector<Message> told_;
  std::size_t count_ = 0;
};

// "line 12".
Message place_of_line(std::size_t line);
// "line 12, "gold[0].page"".
Message place_of_field(const Message& place, std::string_view field);
// For messages: without control characters, at most 60 code points.
std::string clipped(std::string_view text);

}  // namespace saseo::eval
