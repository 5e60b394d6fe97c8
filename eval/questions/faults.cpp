#include "eval/questions/faults.h"

#include "base/utf8.h"
#include "generation/rendering.h"

namespace saseo::eval {

Error Faults::as_error(std::string_view file) const {
  if (count_ == 1) return {ErrorCode::kBadInput, fmt::format("{}: {}", file, told_.front())};
  std::string message =
      say("{}: {} faults, to mend in the file:", "{}: 고쳐야 할 곳이 {}군데 있습니다.",
          std::string(file), count_);
  for (const std::string& fault : told_) message += "\n  " + fault;
  if (count_ > told_.size()) {
    message += say("\n  ... and {} more", "\n  ... 그 밖에 {}군데", count_ - told_.size());
  }
  return {ErrorCode::kBadInput, std::move(message)};
}

std::string place_of_line(std::size_t line) { return say("line {}", "{}행", line); }

std::string place_of_field(std::string_view place, std::string_view field) {
  return fmt::format("{}, \"{}\"", place, field);
}

std::string clipped(std::string_view text) {
  constexpr std::size_t kMost = 60;
  // Four bytes a code point at most: what lies behind is not looked at.
  const std::string head = repair_utf8(text.substr(0, floor_to_code_point(text, 4 * (kMost + 1))));
  std::size_t end = 0;
  for (std::size_t count = 0; end < head.size() && count < kMost; ++count) {
    end += decode_utf8(head, end).length;
  }
  std::string shown = printable(std::string_view(head).substr(0, end));
  if (end < text.size()) shown += "…";
  return shown;
}

}  // namespace saseo::eval
