#include "eval/questions/faults.h"

#include "base/utf8.h"
#include "generation/rendering.h"

namespace saseo::eval {

Error Faults::as_error(std::string_view file) const {
  if (count_ == 1) return make_error(ErrorCode::kBadInput, "{}: {}", "{}: {}", file, told_.front());
  Error error = make_error(ErrorCode::kBadInput, "{}: {} faults, to mend in the file:",
                           "{}: 고쳐야 할 곳이 {}군데 있습니다.", file, count_);
  for (const Message& fault : told_) error.message += message("\n  {}", "\n  {}", fault);
  if (count_ > told_.size()) {
    error.message +=
        message("\n  ... and {} more", "\n  ... 그 밖에 {}군데", count_ - told_.size());
  }
  return error;
}

Message place_of_line(std::size_t line) { return message("line {}", "{}행", line); }

Message place_of_field(const Message& place, std::string_view field) {
  return message("{}, \"{}\"", "{}, \"{}\"", place, field);
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
