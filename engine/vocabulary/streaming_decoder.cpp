#include "engine/vocabulary/streaming_decoder.h"

#include <cstdint>

#include "base/utf8.h"

namespace saseo {
namespace {

// The bytes at the end that may be the beginning of a character.
std::size_t unfinished_bytes(std::string_view text) {
  for (std::size_t n = 1; n <= 3 && n <= text.size(); ++n) {
    const auto byte = static_cast<std::uint8_t>(text[text.size() - n]);
    if ((byte & 0xC0) == 0x80) continue;
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1;
    return n < length && byte <= 0xF4 ? n : 0;
  }
  return 0;
}

}  // namespace

std::string StreamingDecoder::push(TokenId id) {
  std::string bytes = tokenizer_.bytes_of(id);
  if (bytes.empty()) return {};
  // The space that some vocabularies put in front of a text.
  if (at_start_ && tokenizer_.vocabulary().add_space_prefix && bytes[0] == ' ') bytes.erase(0, 1);
  at_start_ = false;
  std::string text = std::move(waiting_) + bytes;
  const std::size_t complete = text.size() - unfinished_bytes(text);
  waiting_ = text.substr(complete);
  text.resize(complete);
  return repair_utf8(text);
}

std::string StreamingDecoder::flush() {
  std::string text = repair_utf8(waiting_);
  waiting_.clear();
  at_start_ = true;
  return text;
}

}  // namespace saseo
