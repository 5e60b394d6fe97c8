#include "generation/chat_model.h"

namespace saseo {

std::string_view name_of(CompletionEnd end) {
  switch (end) {
    case CompletionEnd::kStop:
      return "stop";
    case CompletionEnd::kLength:
      return "length";
    case CompletionEnd::kCancelled:
      return "cancelled";
  }
  return "stop";
}

double TokenUsage::prefill_rate() const {
  if (prefill_seconds <= 0) return 0;
  return static_cast<double>(prompt_tokens - reused_prefix_tokens) / prefill_seconds;
}

double TokenUsage::decode_rate() const {
  // The first token belongs to the prefill.
  if (decode_seconds <= 0 || completion_tokens < 2) return 0;
  return static_cast<double>(completion_tokens - 1) / decode_seconds;
}

}  // namespace saseo
