#include "generation/token_estimate.h"

namespace saseo {
namespace {

constexpr std::size_t kLettersOfToken = 4;
constexpr std::size_t kTokensAroundMessage = 8;
constexpr std::size_t kMarginShare = 4;  // A quarter.

bool is_latin_letter(unsigned char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

}  // namespace

std::size_t estimate_tokens(std::string_view text) {
  std::size_t tokens = 0, letters = 0;
  for (const char signed_byte : text) {
    const auto byte = static_cast<unsigned char>(signed_byte);
    if (is_latin_letter(byte)) {
      if (letters++ % kLettersOfToken == 0) ++tokens;
      continue;
    }
    letters = 0;
    const bool continues_character = (byte & 0xC0) == 0x80;
    const bool invisible = byte <= ' ' || byte == 0x7F;
    if (byte == '\n' || (!continues_character && !invisible)) ++tokens;
  }
  return tokens;
}

std::size_t estimate_tokens(std::span<const PromptMessage> messages) {
  std::size_t tokens = 0;
  for (const PromptMessage& message : messages)
    tokens += estimate_tokens(message.text) + kTokensAroundMessage;
  return tokens;
}

Result<std::size_t> tokens_to_plan(ChatModel& model, std::span<const PromptMessage> messages,
                                   std::stop_token stop) {
  SASEO_ASSIGN_OR_RETURN(const std::size_t tokens, model.count_tokens(messages, stop));
  if (model.capabilities().counts_exactly) return tokens;
  return tokens + (tokens + kMarginShare - 1) / kMarginShare;
}

}  // namespace saseo
