#include "eval/echo_baseline.h"

namespace saseo::eval {

std::string echo_answer(const RecordedAnswer& answer) {
  return answer.passages.empty() ? std::string() : answer.passages.front().text;
}

}  // namespace saseo::eval
